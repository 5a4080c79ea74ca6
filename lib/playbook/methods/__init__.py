"""Statistics and exact arithmetic: arrays in, numbers out. Nothing here knows a book or a page.

============== =================================================================
intervals      shares with their counts, Wilson, Newcombe and Poisson intervals
means          differences of means with t-intervals and Hedges' g
resampling     bootstrap of ratios, rates and means
survival       Kaplan-Meier, Aalen-Johansen, weighted quantiles
log_rank       whether two groups leave at the same pace
shrinkage      rates of small groups drawn to the common rate (beta-binomial)
attribution    Shapley values; price, volume and mix
step_model     logistic rates by month and member
change_search  members and pairs whose rate fell, with p adjusted for all tests
change_scores  … the scores of each member and pair
change_onset   … the months a fall may have begun in
comparisons    p-values corrected for many comparisons: Holm, largest statistic of redrawn data
slow_search    members whose deals stay longer in a stage, with p adjusted for all of them
experiment     pilots of few groups: randomisation tests and intervals
pilot_design   pilots of few groups: choice of groups, size, detectable effect
forecast       monthly totals ahead as simulated paths, and their backtest
bgnbd          BG/NBD: repeat purchases of each customer
gamma_gamma    their value
likelihood     maximum likelihood with standard errors
lifetime       churn, lifetime and lifetime value of a customer
inequality     Gini coefficient, top share, slope of pay on sales
planning       tries needed for a number of successes (binomial)
weights        checks of weights and shares
apportionment  whole numbers split by weights without remainder
bounded        the same with a floor and a cap per part
raking         tables fitted to several margins, in whole numbers
exact          integer arithmetic on columns with groups
============== =================================================================
"""
