"""``python -m playbook.replay``: simulate every combination of measures again and write
``levers.csv``.
"""

from .levers import main

if __name__ == "__main__":
    main()
