"""Makes records of an inventory from files that other programs wrote, as mapping files say."""
