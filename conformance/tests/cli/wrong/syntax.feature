Feature: Syntax

  Scenario: A line that is nothing
    Given a terminal that has signed in
    and then a miracle occurs
