"""The whole system on one machine: the deployed template on an AWS emulator, vendors' simulators, two nights."""
