Feature: Keys and secrets
  Keys that are wrong are not traded with, keys that are old are renewed, and no code or key
  stands where people can read it.

  @SEC-01
  Scenario: Keys with a wrong check value are refused
    Given a terminal fresh from the factory
    And on the first sign-in, the sign-in delivers a wrong check value
    When the customer pays 30.00 yuan for order "A1"
    And everything has come to rest
    Then requirement SEC-01 holds
    And requirement TXN-03 holds
    And the next payment works

  @SEC-01
  Scenario: A terminal that never gets sound keys never trades
    Given a terminal fresh from the factory
    And on every sign-in, the sign-in delivers a wrong check value
    When the customer pays 30.00 yuan for order "A1"
    Then order "A1" ends without payment
    And the reason is network.security
    And nothing has been sent for order "A1"
    And requirement SEC-01 holds

  @SEC-01
  Scenario: The check value of every key counts
    Given a terminal fresh from the factory
    And on every sign-in, the sign-in delivers a wrong check value of the PIN key
    When the customer pays 30.00 yuan for order "A1"
    Then order "A1" ends without payment
    And the reason is network.security
    And nothing has been sent for order "A1"
    And requirement SEC-01 holds

  @SEC-02
  Scenario Outline: <code> to a sale is answered with a sign-in before anything else is sold
    Given a terminal that has signed in
    And on the first sale, the acquirer answers "<code>" without doing anything
    When the customer pays 30.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" ends without payment
    And nothing is charged for order "A1"
    And the next payment works
    And the terminal has signed in again
    And requirement SEC-02 holds

    Examples:
      | code |
      | A0   |
      | 99   |

  @SEC-02
  Scenario Outline: After <what> the terminal signs in before it trades again
    Given a terminal that has signed in
    And <state>
    When the customer pays 30.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" ends without payment
    And the reason is network.security
    And nothing is charged for order "A1"
    And requirement SEC-02 holds
    And the next payment works
    And the terminal has signed in again

    Examples:
      | what                        | state                           |
      | a MAC that the host refuses | the acquirer has other keys     |
      | keys that are too old       | the acquirer's keys are too old |

  @SEC-03
  Scenario: The host may ask for a new sign-in
    Given a terminal that has signed in
    And on the first sale, the answer asks for a new sign-in
    When the customer pays 30.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" is approved
    And the terminal has signed in again
    And requirement SEC-03 holds
    And the next payment works

  @SEC-04
  Scenario: Another batch at the host is taken over
    Given a terminal that has signed in
    And the acquirer is in another batch
    When the customer pays 30.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" ends without payment
    And the reason is host.declined
    And the advice is to retry
    And requirement SEC-04 holds
    And the next payment works
    And requirement TXN-01 holds

  @SEC-05
  Scenario Outline: The payment code stands nowhere in clear: <what>
    Given a terminal that has signed in
    And the customer uses <wallet>
    When the customer pays 30.00 yuan for order "A1"
    And everything has come to rest
    Then requirement SEC-05 holds

    Examples:
      | what       | wallet     |
      | WeChat Pay | WeChat Pay |
      | Alipay     | Alipay     |
      | JD Pay     | JD Pay     |

  @SEC-05
  Scenario: A code that failed stands nowhere in clear either
    Given a terminal that has signed in
    And on the first sale, the answer is lost
    And should the terminal send a query, the answer is lost
    When the customer pays 30.00 yuan for order "A1"
    And everything has come to rest
    Then requirement SEC-05 holds

  @SEC-05
  Scenario: A code that was refused stands nowhere in clear either
    Given a terminal that has signed in
    And the wallet does not honour the payment
    When the customer pays 30.00 yuan for order "A1"
    Then order "A1" is declined
    And requirement SEC-05 holds

  @SEC-05
  Scenario: A code that was typed stands nowhere in clear
    Given a terminal that has signed in
    When the cashier takes 30.00 yuan for order "A1"
    And 1 second passes
    And the cashier types the code on the phone
    And the order comes to its end
    Then order "A1" is approved
    And requirement SEC-05 holds

  @SEC-06
  Scenario: No key stands where people can read it
    Given a terminal fresh from the factory
    When the cashier signs in
    And the customer pays 30.00 yuan for order "A1"
    And on the first sign-in, the sign-in delivers a wrong check value
    And the cashier signs in
    And the cashier asks for the device log
    Then requirement SEC-06 holds

  @SEC-06
  Scenario: No key stands on the receipt, on the screen or in the trace
    Given a terminal fresh from the factory
    When the cashier signs in
    And the customer pays 30.00 yuan for order "A1"
    And on the first sign-in, the sign-in delivers a wrong check value
    And the cashier signs in
    And everything has come to rest
    Then requirement SEC-06 holds

  @SEC-07
  Scenario: The date on the receipt is the acquirer's, taken over at the sign-in
    Given the acquirer's clock is ahead by 27 hours
    And a terminal that has signed in
    And the acquirer's answers carry no date and time
    When the customer pays 30.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" is approved
    And the receipt has the acquirer's date and time
