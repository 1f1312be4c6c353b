Feature: Value

  Scenario: No such profile
    Given the network is basment
    And a terminal that has signed in
