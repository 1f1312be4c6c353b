Feature: What the cashier is told
  Every failure has a reason and a remedy, in the language of the shop, and different causes are
  told apart.

  @UX-01
  Scenario Outline: A reason and an advice when <what>
    Given a terminal that has signed in
    And the customer pays from the balance
    And <state>
    When the customer pays 25.00 yuan for order "A1"
    And everything has come to rest
    Then requirement UX-01 holds

    Examples:
      | what                       | state                                       |
      | the wallet declines        | the wallet does not honour the payment      |
      | the balance is too low     | the balance is too low                      |
      | the limit is exceeded      | the amount is over the wallet's limit       |
      | the terminal is not known  | the terminal is not registered              |
      | nobody answers             | the acquirer accepts and says nothing       |
      | nobody is there            | the acquirer refuses connections            |
      | nobody takes the call      | the acquirer does not answer connections    |
      | the wallet is maintained   | the wallet is in maintenance                |

  @UX-02
  Scenario: A Chinese shop reads Chinese
    Given the display language is "zh-CN"
    And a terminal that has signed in
    And the wallet does not honour the payment
    When the customer pays 25.00 yuan for order "A1"
    Then the display says why in the language of the shop

  @UX-02
  Scenario: An English shop reads words, not codes
    Given the display language is "en-GB"
    And a terminal that has signed in
    And the customer pays from the balance
    And the balance is too low
    When the customer pays 25.00 yuan for order "A1"
    Then the display says why in the language of the shop

  @UX-02
  Scenario: The network's troubles are told in the language of the shop as well
    Given the display language is "zh-CN"
    And a terminal that has signed in
    And the signal is lost
    When the customer pays 25.00 yuan for order "A1"
    Then the display says why in the language of the shop

  @UX-02
  Scenario: That the outcome is not known yet is told as well
    Given the display language is "zh-CN"
    And a terminal that has signed in
    And on the first sale, the answer is lost
    And should the terminal send a query, the answer is lost
    When the customer pays 25.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" was reported unknown meanwhile
    And the display says why in the language of the shop

  @UX-03
  Scenario: No signal is not a silent host
    Given a terminal that has signed in
    And the signal is lost
    And the customer pays 25.00 yuan for order "A1"
    And the signal is back
    And everything has come to rest
    And on the first sale, the request is lost
    And the customer refreshes the code
    When the customer pays 25.00 yuan for order "A2"
    Then orders "A1" and "A2" have different reasons

  @UX-03
  Scenario Outline: <one> is not <other>
    Given a terminal that has signed in
    And <one>
    And the customer pays 25.00 yuan for order "A1"
    And it is over that <one>
    And everything has come to rest
    And <other>
    And the customer refreshes the code
    When the customer pays 25.00 yuan for order "A2"
    And everything has come to rest
    Then orders "A1" and "A2" have different reasons

    Examples:
      | one                                        | other                                        |
      | Baitiao is not activated                   | the Baitiao limit is too low                 |
      | Baitiao is overdue                         | Baitiao's risk control refuses               |
      | the payment function is off at the provider | the wallet refuses the outdated phone        |
      | the wallet is in maintenance               | the wallet does not honour the payment       |
      | the acquirer refuses connections           | the wallet is in maintenance                 |
      | the phone's clock is wrong                 | the wallet does not honour the payment       |
      | the phone's clock is wrong                 | the code was used at another counter         |

  @UX-04
  Scenario Outline: Where trying again cannot help, another method is offered: <what>
    Given a terminal that has signed in
    And <state>
    When the customer pays 25.00 yuan for order "A1"
    Then order "A1" is declined
    And the advice is to other-method

    Examples:
      | what                    | state                                       |
      | payment function off    | the payment function is off at the provider |
      | phone too old           | the wallet refuses the outdated phone       |
      | risk control            | Baitiao's risk control refuses              |
      | not honoured            | the wallet does not honour the payment      |
      | over the wallet's limit | the amount is over the wallet's limit       |
