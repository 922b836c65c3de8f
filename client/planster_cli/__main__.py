"""`python -m planster_cli`, where the command is not installed."""

import sys

from planster_cli.main import main

sys.exit(main())
