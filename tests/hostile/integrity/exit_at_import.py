# Wants: to end the process, with success, while it is imported.
# Levels: full filtered process
# Verdict: unreadable

import os

os._exit(0)
