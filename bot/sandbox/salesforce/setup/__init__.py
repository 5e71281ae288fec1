"""A look-alike of the pages of Setup, Salesforce's login and Flosum's Global Settings, for the steps of the article."""
