"""``python -m playbook.case``: simulate every combination of measures again and write
``levers.csv``.
"""

from playbook.case.measures.runs import main

if __name__ == "__main__":
    main()
