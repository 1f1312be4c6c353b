Feature: Requirement

  @REV-11
  Scenario: No such requirement
    Given a terminal that has signed in
