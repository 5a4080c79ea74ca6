"""Deals from stage to stage: conversion, cycle time, movement, outcomes."""
