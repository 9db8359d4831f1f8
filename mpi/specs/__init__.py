"""What a user declares, as data: measures, surveys, studies, disclosure rules, reliability rules."""
