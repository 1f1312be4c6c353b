Feature: A batch that is full
  A batch holds so many entries; what would not fit is refused before anything is sent, until the
  shop has settled.

  @SET-03
  Scenario: A full batch takes no more payments until it is settled
    Given a batch holds 2 payments
    And a terminal that has signed in
    And the customer pays 10.00 yuan for order "A1"
    And the customer refreshes the code
    And the customer pays 11.00 yuan for order "A2"
    And the customer refreshes the code
    When the cashier takes 12.00 yuan for order "A3"
    And the customer shows the payment code
    And the order comes to its end
    Then order "A3" ends without payment
    And the reason is device.batch-full
    And nothing has been sent for order "A3"
    When the cashier settles
    And everything has come to rest
    Then the batch is settled and the totals agree
    And the next payment works

  @SET-03
  Scenario: What does not fit into the batch is not sent
    Given a batch holds 2 payments
    And a terminal that has signed in
    And the customer pays 10.00 yuan for order "A1"
    And the customer refreshes the code
    And the customer pays 11.00 yuan for order "A2"
    And the customer refreshes the code
    When the cashier takes 12.00 yuan for order "A3"
    And the customer shows the payment code
    And the order comes to its end
    Then order "A3" ends without payment
    And the reason is device.batch-full
    And nothing has been sent for order "A3"

  @SET-03
  Scenario: What was declined takes no place in the batch
    Given a batch holds 2 payments
    And a terminal that has signed in
    And the wallet does not honour the payment
    And the customer pays 10.00 yuan for order "A1"
    And the customer refreshes the code
    And the customer pays 10.00 yuan for order "A2"
    And it is over that the wallet does not honour the payment
    And the customer refreshes the code
    When the customer pays 11.00 yuan for order "A3"
    Then order "A3" is approved
