"""The command line: English, plain sentences, exit code 2 for what the user can put right."""
