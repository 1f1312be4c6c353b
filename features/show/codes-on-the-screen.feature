Feature: Codes on the terminal's screen
  The other way round: the terminal shows a code and the customer scans it. What is shown must be
  whole and ask for the right amount, and what nobody pays must be closed.

  Background:
    Given a terminal that has signed in

  @CODE-07 @TXN-03
  Scenario Outline: A customer pays by the code on the screen with <wallet>
    Given the customer uses <wallet>
    When the customer pays 75.20 yuan for order "A1" by the code on the screen
    And everything has come to rest
    Then order "A1" is approved
    And the customer has paid 75.20 yuan for order "A1"
    And the terminal reports 75.20 yuan for order "A1"
    And requirement CODE-07 holds
    And requirement TXN-01 holds

    Examples:
      | wallet     |
      | WeChat Pay |
      | UnionPay   |
      | JD Pay     |

  @CODE-07
  Scenario Outline: Any amount stands in the code as it was asked: <amount>
    When the customer pays <amount> yuan for order "A1" by the code on the screen
    And everything has come to rest
    Then order "A1" is approved
    And the customer has paid <amount> yuan for order "A1"

    Examples:
      | amount  |
      | 0.01    |
      | 9.90    |
      | 100.00  |
      | 4321.00 |

  @CODE-07
  Scenario Outline: A code that is wrong is not shown: <what>
    Given on the first code order, <mishap>
    When the cashier asks 75.20 yuan for order "A1" by a code on the screen
    And everything has come to rest
    Then order "A1" ends without payment
    And the reason is device.merchant-code
    And nothing is charged for order "A1"
    And the terminal has sent at least 1 reversal message
    And requirement CODE-07 holds

    Examples:
      | what           | mishap                                      |
      | its checksum   | the code to be shown has a wrong checksum   |
      | its amount     | the code to be shown names another amount   |
      | its currency   | the code to be shown names another currency |
      | it is cut off  | the code to be shown is cut off             |
      | it is missing  | the answer brings no code to be shown       |

  @CODE-07
  Scenario: After a code that was wrong the next payment works
    Given on the first code order, the code to be shown has a wrong checksum
    And the cashier asks 75.20 yuan for order "A1" by a code on the screen
    And everything has come to rest
    When the customer pays 75.20 yuan for order "A2" by the code on the screen
    Then order "A2" is approved
    And the customer has paid 75.20 yuan for order "A2"

  @TXN-08 @CODE-07
  Scenario: A code that nobody pays is closed at the end
    When the cashier asks 75.20 yuan for order "A1" by a code on the screen
    And the terminal shows a code
    And everything has come to rest
    Then order "A1" ends without payment
    And the reason is phone.unconfirmed
    And the terminal has sent at least 1 reversal message
    And nothing is charged for order "A1"

  @TXN-15
  Scenario: The cancel key takes the code back
    When the cashier asks 75.20 yuan for order "A1" by a code on the screen
    And the terminal shows a code
    And 3 seconds pass
    And the cashier presses cancel
    And everything has come to rest
    Then order "A1" ends without payment
    And the reason is cashier.cancelled
    And the terminal has sent at least 1 reversal message
    And nothing is charged for order "A1"

  @TXN-09 @TXN-03
  Scenario: An answer to the code order that is lost leaves nothing behind
    Given on the first code order, the answer is lost
    When the cashier asks 75.20 yuan for order "A1" by a code on the screen
    And everything has come to rest
    Then order "A1" ends without payment
    And nothing is charged for order "A1"
    And requirement REV-01 holds

  @PWR-01 @TXN-03
  Scenario: A power cut while the code is on the screen
    When the cashier asks 75.20 yuan for order "A1" by a code on the screen
    And the terminal shows a code
    And the power fails
    And the power is back
    And everything has come to rest
    Then requirement TXN-03 holds
    And requirement PWR-03 holds
    And the next payment works

  @PWR-01 @TXN-03
  Scenario: A power cut just after the customer has paid
    When the cashier asks 75.20 yuan for order "A1" by a code on the screen
    And the customer scans the code on the screen
    And the power fails
    And the power is back
    And everything has come to rest
    Then requirement TXN-03 holds
    And requirement PWR-03 holds
    And the next payment works
