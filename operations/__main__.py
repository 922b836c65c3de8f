"""`python -m operations`."""

import sys

from operations.commands import main

sys.exit(main())
