Feature: Good
  A few scenarios that run quickly, for the tests of the program.

  @TXN-01 @TXN-03 @matrix
  Scenario: A payment is approved
    Given a terminal that has signed in
    When the customer pays 128.50 yuan for order "A1"
    Then order "A1" is approved
    And the customer has paid 128.50 yuan for order "A1"

  @REV-01
  Scenario: The answer is lost
    Given a terminal that has signed in
    And on the first sale, the answer is lost
    When the customer pays 20.00 yuan for order "A1"
    Then order "A1" ends without payment
    And nothing is charged for order "A1"
    And requirement REV-01 holds

  @TXN-15
  Scenario: The cashier cancels before the code
    Given a terminal that has signed in
    When the cashier takes 10.00 yuan for order "A1"
    And the terminal waits for a code
    And the cashier presses cancel
    And the order comes to its end
    Then order "A1" ends without payment
    And nothing is charged for order "A1"

  @TXN-14
  Scenario: A receipt
    Given a terminal that has signed in
    When the customer pays 10.00 yuan for order "A1"
    Then order "A1" is approved
    And a receipt is printed

  @TXN-09
  Scenario: A fault that never fires
    Given a terminal that has signed in
    And on the first refund, the answer is lost
    When the customer pays 10.00 yuan for order "A1"
    Then order "A1" is approved

  @PWR-01
  Scenario: The power fails
    Given a terminal that has signed in
    When the power fails
    And the power is back
    Then the next payment works
