Feature: Integrity of a transaction
  One order, one charge, one final word, and every message whole.

  @TXN-01 @TXN-03 @matrix
  Scenario: A plain payment
    Given a terminal that has signed in
    When the customer pays 128.50 yuan for order "A1"
    Then order "A1" is approved
    And the terminal reports 128.50 yuan for order "A1"
    And the customer has paid 128.50 yuan for order "A1"
    And requirement TXN-01 holds

  @TXN-01
  Scenario Outline: The amount is sent to the fen: <fen>
    Given a terminal that has signed in
    And the customer uses WeChat Pay
    When the customer pays <amount> yuan for order "A1"
    Then order "A1" is approved
    And the customer has paid <amount> yuan for order "A1"

    Examples:
      | fen                | amount   |
      | one fen            | 0.01     |
      | ninety-nine fen    | 0.99     |
      | a round sum        | 100.00   |
      | every digit        | 1234.56  |
      | above ten thousand | 23456.78 |

  @TXN-02
  Scenario: Every message has a STAN of its own
    Given a terminal that has signed in
    When the customer pays 10.00 yuan for order "A1"
    And the customer refreshes the code
    And the customer pays 11.00 yuan for order "A2"
    And the customer refreshes the code
    And the customer pays 12.00 yuan for order "A3"
    Then order "A3" is approved
    And requirement TXN-02 holds

  @TXN-02
  Scenario: The STAN goes on after a power cut
    Given a terminal that has signed in
    When the customer pays 10.00 yuan for order "A1"
    And the power fails
    And the power is back
    And the customer refreshes the code
    And the customer pays 11.00 yuan for order "A2"
    Then order "A2" is approved
    And requirement TXN-02 holds

  @TXN-02
  Scenario: The STAN wraps from 999999 to 000001
    Given the first STAN is 999998
    And a terminal that has signed in
    When the customer pays 10.00 yuan for order "A1"
    And the customer refreshes the code
    And the customer pays 11.00 yuan for order "A2"
    Then order "A2" is approved
    And the first sale has the STAN 999999
    And the second sale has the STAN 1

  @TXN-03 @TXN-05
  Scenario: A decline is reported as it was
    Given a terminal that has signed in
    And the wallet does not honour the payment
    When the customer pays 128.50 yuan for order "A1"
    Then order "A1" is declined
    And nothing is charged for order "A1"
    And the terminal has sent no reversal

  @TXN-03
  Scenario: A look-up that finds no network does not change what is known
    Given a terminal that has signed in
    And the customer pays 128.50 yuan for order "A1"
    And the signal is lost
    When the cashier looks up order "A1"
    And the signal is back
    And everything has come to rest
    Then order "A1" is approved
    And requirement TXN-03 holds

  @TXN-03 @TXN-04
  Scenario: An order that is paid is not charged again
    Given a terminal that has signed in
    When the customer pays 50.00 yuan for order "A1"
    And the cashier takes 50.00 yuan for order "A1"
    And 3 seconds pass
    And the customer refreshes the code
    And the customer shows the payment code
    And 10 seconds pass
    Then the terminal has sent 1 sale message
    And the customer has paid 50.00 yuan for order "A1"
    And requirement TXN-03 holds

  @TXN-04
  Scenario: An order whose outcome is unknown is not opened again
    Given a terminal that has signed in
    And the wallet asks the customer for the password
    And the customer does not confirm
    When the cashier takes 50.00 yuan for order "A1"
    And the customer shows the payment code
    And the terminal says that it does not know yet
    And the cashier takes 50.00 yuan for order "A1"
    And 5 seconds pass
    Then the terminal has sent 1 sale message

  @TXN-04
  Scenario: An order that is being reversed is not opened again
    Given a terminal that has signed in
    And on the first sale, the answer is lost
    And should the terminal send a query, the answer is lost
    And on the first 2 reversal messages, the answer is lost
    When the cashier takes 50.00 yuan for order "A1"
    And the customer shows the payment code
    And the reversal has reached the acquirer
    And 1 second passes
    And the cashier takes 50.00 yuan for order "A1"
    And the customer refreshes the code
    And the customer shows the payment code
    And 5 seconds pass
    Then the terminal has sent 1 sale message
    When everything has come to rest
    Then order "A1" ends without payment
    And nothing is charged for order "A1"

  @TXN-04
  Scenario: An order that was paid before a power cut is not charged again
    Given a terminal that has signed in
    And the customer pays 50.00 yuan for order "A1"
    And the power fails
    And the power is back
    And 10 seconds pass
    When the cashier takes 50.00 yuan for order "A1"
    And 3 seconds pass
    And the customer refreshes the code
    And the customer shows the payment code
    And 10 seconds pass
    Then the terminal has sent 1 sale message
    And the customer has paid 50.00 yuan for order "A1"

  @TXN-04
  Scenario: While one order runs another has to wait
    Given a terminal that has signed in
    When the cashier takes 50.00 yuan for order "A1"
    And the cashier takes 60.00 yuan for order "A2"
    And 1 second passes
    Then order "A2" is declined
    And the reason is device.busy
    And nothing has been sent for order "A2"

  @TXN-05
  Scenario Outline: Every order has its final word in time when <what>
    Given a terminal that has signed in
    And on the first sale, <mishap>
    When the customer pays 77.00 yuan for order "A1"
    Then order "A1" had its final word within 6 minutes
    And the next payment works

    Examples:
      | what               | mishap                                          |
      | the request is lost | the request is lost                            |
      | the answer is lost  | the answer is lost                             |
      | the line breaks     | the connection is reset instead of the answer  |
      | the line closes     | the connection is closed instead of the answer |
      | the answer is late  | the answer is late                             |
      | half an answer came | the answer breaks off and the connection closes |

  @TXN-06
  Scenario Outline: An answer with another <what> is not the terminal's own
    Given a terminal that has signed in
    And on every sale, <mishap>
    And should the terminal send a query, the answer is lost
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" was never reported approved
    And order "A1" ends without payment
    And nothing is charged for order "A1"
    And requirement TXN-06 holds

    Examples:
      | what            | mishap                                 |
      | STAN            | the answer has another STAN            |
      | amount          | the answer has another amount          |
      | terminal        | the answer has another terminal        |
      | merchant        | the answer has another merchant        |
      | message type    | the answer has another message type    |
      | processing code | the answer has another processing code |

  @TXN-07
  Scenario: A late approval does not revive an order
    Given a terminal that has signed in
    And on the first sale, the answer is late by 75 seconds
    And should the terminal send a query, the answer is lost
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then requirement TXN-03 holds
    And requirement TXN-07 holds

  @TXN-07
  Scenario: A late approval does not stop a reversal that is under way
    Given a terminal that has signed in
    And on the first sale, the answer is late by 70 seconds
    And should the terminal send a query, the answer is lost
    And on the first reversal, the answer is late by 30 seconds
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then requirement TXN-03 holds
    And requirement TXN-07 holds

  @TXN-07
  Scenario: An approval that arrives after the final word does not change it
    Given a terminal that has signed in
    And on the first sale, the answer is late by 200 seconds
    And should the terminal send a query, the answer is lost
    When the customer pays 42.00 yuan for order "A1"
    And 4 minutes pass
    Then order "A1" ends without payment
    And nothing is charged for order "A1"
    And requirement TXN-03 holds
    And requirement TXN-07 holds

  @TXN-07
  Scenario: An answer that comes twice is taken once
    Given a terminal that has signed in
    And on the first sale, the answer arrives twice
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" is approved
    And the customer has paid 42.00 yuan for order "A1"
    And requirement TXN-07 holds

  @TXN-07
  Scenario: A late decline does not undo anything
    Given a terminal that has signed in
    And the wallet does not honour the payment
    And on the first sale, the answer is late by 75 seconds
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" ends without payment
    And requirement TXN-07 holds

  @TXN-08 @TXN-10 @TXN-02
  Scenario: The terminal waits for the customer and says so
    Given a terminal that has signed in
    And the wallet asks the customer for the password
    When the customer pays 300.00 yuan for order "A1"
    Then order "A1" is approved
    And order "A1" was reported unknown meanwhile
    And the terminal has sent at least 1 query message
    And requirement TXN-08 holds

  @TXN-08 @TXN-10
  Scenario: A customer who never confirms is cancelled at the end of the window
    Given a terminal that has signed in
    And the wallet asks the customer for the password
    And the customer does not confirm
    When the customer pays 300.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" ends without payment
    And the reason is phone.unconfirmed or phone.network
    And nothing is charged for order "A1"
    And the terminal has sent at least 1 reversal message
    And requirement TXN-08 holds

  @TXN-08
  Scenario: A customer who confirms after the window pays nothing
    Given a terminal that has signed in
    And the wallet asks the customer for the password
    And the customer confirms late by 52 seconds
    When the customer pays 300.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" ends without payment
    And nothing is charged for order "A1"
    And requirement TXN-08 holds

  @TXN-08
  Scenario: A customer who refuses on the phone ends the order
    Given a terminal that has signed in
    And the wallet asks the customer for the password
    And the customer refuses to confirm
    When the customer pays 300.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" ends without payment
    And nothing is charged for order "A1"

  @TXN-09
  Scenario Outline: <code> after the money moved is no decline
    Given a terminal that has signed in
    And on the first sale, the acquirer books it and answers "<code>"
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" was reported unknown meanwhile
    And requirement TXN-09 holds
    And requirement TXN-03 holds

    Examples:
      | code |
      | 96   |
      | 98   |
      | 68   |

  @TXN-09
  Scenario Outline: No word from the wallet is no word at all: <what>
    Given a terminal that has signed in
    And <state>
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" was reported unknown meanwhile
    And requirement TXN-09 holds

    Examples:
      | what                     | state                                           |
      | nothing was paid         | the wallet does not answer the acquirer         |
      | it times out             | the wallet times out without a final word       |
      | the system malfunctions  | the acquirer malfunctions                       |

  @TXN-09
  Scenario: What was paid behind an unknown answer comes to light
    Given a terminal that has signed in
    And the wallet pays and does not answer the acquirer
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" was reported unknown meanwhile
    And requirement TXN-09 holds
    And requirement TXN-03 holds

  @TXN-09
  Scenario Outline: Silence is no decline and no approval: <what>
    Given a terminal that has signed in
    And on the first sale, <mishap>
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" was reported unknown meanwhile
    And requirement TXN-09 holds
    And requirement TXN-03 holds

    Examples:
      | what                | mishap              |
      | the request is lost | the request is lost |
      | the answer is lost  | the answer is lost  |

  @TXN-09
  Scenario Outline: <code> to a query says nothing about the payment
    Given a terminal that has signed in
    And the wallet asks the customer for the password
    And the customer confirms late by 20 seconds
    And on the first query, the acquirer answers "<code>" without doing anything
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" is approved
    And the customer has paid 42.00 yuan for order "A1"
    And requirement TXN-09 holds

    Examples:
      | code |
      | 96   |
      | 98   |
      | 68   |
      | 91   |

  @TXN-10
  Scenario Outline: <code> is a decline and nothing else
    Given a terminal that has signed in
    And on the first sale, the acquirer answers "<code>" without doing anything
    When the customer pays 42.00 yuan for order "A1"
    Then order "A1" is declined
    And nothing is charged for order "A1"
    And the terminal has sent no reversal
    And requirement TXN-10 holds

    Examples:
      | code |
      | 05   |
      | 12   |
      | 22   |
      | 25   |
      | 51   |
      | 57   |
      | 61   |
      | 03   |
      | 63   |
      | B7   |

  @TXN-10
  Scenario Outline: <code> is success
    Given a terminal that has signed in
    And on the first sale, the acquirer books it and answers "<code>"
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" is approved
    And the customer has paid 42.00 yuan for order "A1"
    And the terminal has sent no reversal

    Examples:
      | code |
      | 11   |
      | A2   |
      | A4   |
      | A5   |
      | A6   |

  @TXN-10
  Scenario: The response code decides, not the text beside it
    Given a terminal that has signed in
    And on the first sale, the acquirer answers "05 OK0" without doing anything
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" is declined
    And nothing is charged for order "A1"
    And requirement TXN-10 holds

  @TXN-10
  Scenario: A text that speaks of a refusal does not undo an approval
    Given a terminal that has signed in
    And on the first sale, the acquirer books it and answers "11 H01"
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" is approved
    And the customer has paid 42.00 yuan for order "A1"

  @TXN-10
  Scenario: A payment that the wallet has let lapse is over
    Given a terminal that has signed in
    And on the first sale, the acquirer answers "68 P03" without doing anything
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" ends without payment
    And the terminal has sent no reversal
    And the terminal has sent no query
    And requirement TXN-10 holds

  @TXN-10
  Scenario: A duplicate that nobody paid is not approved
    Given a terminal that has signed in
    And on the first sale, the acquirer answers "94" without doing anything
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" ends without payment
    And nothing is charged for order "A1"
    And requirement TXN-10 holds

  @TXN-11
  Scenario: A partial approval is told with its amount or taken back
    Given a terminal that has signed in
    And the wallet approves half of the amount
    When the customer pays 80.00 yuan for order "A1"
    And everything has come to rest
    Then requirement TXN-11 holds
    And requirement TXN-03 holds

  @TXN-13
  Scenario Outline: An amount that no payment can have is refused: <what>
    Given a terminal that has signed in
    When the cashier takes <fen> fen for order "A1"
    And 1 second passes
    Then order "A1" is declined
    And the reason is input.invalid
    And nothing has been sent for order "A1"
    And the next payment works

    Examples:
      | what            | fen           |
      | nothing         | 0             |
      | below zero      | minus 1       |
      | far below zero  | minus 12850   |
      | thirteen digits | 1000000000000 |

  @TXN-13
  Scenario: Twelve digits are an amount
    Given a terminal that has signed in
    When the cashier takes 999999999999 fen for order "A1"
    And the customer shows the payment code
    And the order comes to its end
    Then the terminal has sent 1 sale message
    And requirement TXN-01 holds

  @TXN-14
  Scenario: An approval has a receipt with everything on it
    Given a terminal that has signed in
    When the customer pays 128.50 yuan for order "A1"
    Then order "A1" is approved
    And a receipt is printed
    And requirement TXN-14 holds

  @TXN-14
  Scenario: A receipt that is printed again says so
    Given a terminal that has signed in
    And on the first sale, the power fails when the answer was handled
    When the cashier takes 128.50 yuan for order "A1"
    And the customer shows the payment code
    And the power is back
    And everything has come to rest
    Then requirement TXN-14 holds

  @TXN-14
  Scenario: A decline has no receipt
    Given a terminal that has signed in
    And the wallet does not honour the payment
    When the customer pays 128.50 yuan for order "A1"
    Then order "A1" is declined
    And no receipt is printed

  @TXN-15
  Scenario: Cancelled before the code was read, nothing is sent
    Given a terminal that has signed in
    When the cashier takes 42.00 yuan for order "A1"
    And 2 seconds pass
    And the cashier presses cancel
    And 1 second passes
    Then order "A1" ends without payment
    And the reason is cashier.cancelled
    And nothing has been sent for order "A1"
    And the next payment works

  @TXN-15
  Scenario: What is shown after the cancel key is not charged
    Given a terminal that has signed in
    When the cashier takes 42.00 yuan for order "A1"
    And 2 seconds pass
    And the cashier presses cancel
    And the customer shows the payment code
    And 2 seconds pass
    Then order "A1" ends without payment
    And the reason is cashier.cancelled
    And nothing has been sent for order "A1"

  @TXN-15 @REV-08
  Scenario: Cancelled while the terminal connects, nothing is sent
    Given a terminal that has signed in
    And the acquirer refuses connections
    And the customer pays 10.00 yuan for order "A0"
    And it is over that the acquirer refuses connections
    And everything has come to rest
    And the customer refreshes the code
    When the cashier takes 42.00 yuan for order "A1"
    And the customer shows the payment code
    And the terminal is connecting
    And the cashier presses cancel
    And everything has come to rest
    Then order "A1" ends without payment
    And the reason is cashier.cancelled
    And nothing has been sent for order "A1"
    And nothing is charged for order "A1"
    And the terminal has sent no reversal
    And requirement REV-08 holds

  @TXN-15 @REV-08
  Scenario: Cancelled while the acquirer answers no connection, nothing is sent when it is back
    Given a terminal that has signed in
    And the acquirer refuses connections
    And the customer pays 10.00 yuan for order "A0"
    And everything has come to rest
    And the customer refreshes the code
    And the acquirer does not answer connections
    And it is over that the acquirer refuses connections
    When the cashier takes 42.00 yuan for order "A1"
    And the customer shows the payment code
    And 3 seconds pass
    And the cashier presses cancel
    And 3 seconds pass
    And it is over that the acquirer does not answer connections
    And everything has come to rest
    Then order "A1" ends without payment
    And nothing has been sent for order "A1"
    And nothing is charged for order "A1"
    And the terminal has sent no reversal
    And requirement REV-08 holds

  @TXN-15
  Scenario: An approval during the reversal of a cancelled order comes too late
    Given a terminal that has signed in
    And on the first sale, the answer is late by 10 seconds
    And on the first reversal, the answer is late by 20 seconds
    When the cashier takes 42.00 yuan for order "A1"
    And the customer shows the payment code
    And the sale has reached the acquirer
    And 1 second passes
    And the cashier presses cancel
    And everything has come to rest
    Then order "A1" was never reported approved
    And order "A1" ends without payment
    And nothing is charged for order "A1"
    And requirement TXN-15 holds

  @TXN-15
  Scenario: Cancelled while the sale is under way, the money comes back
    Given a terminal that has signed in
    And on the first sale, the answer is lost
    When the cashier takes 42.00 yuan for order "A1"
    And the customer shows the payment code
    And the sale has reached the acquirer
    And 5 seconds pass
    And the cashier presses cancel
    And everything has come to rest
    Then order "A1" ends without payment
    And nothing is charged for order "A1"
    And requirement TXN-15 holds

  @TXN-15
  Scenario: Cancelled just before the approval arrives
    Given a terminal that has signed in
    And on the first sale, the answer is late by 10 seconds
    When the cashier takes 42.00 yuan for order "A1"
    And the customer shows the payment code
    And the sale has reached the acquirer
    And 1 second passes
    And the cashier presses cancel
    And everything has come to rest
    Then order "A1" was never reported approved
    And order "A1" ends without payment
    And nothing is charged for order "A1"
    And requirement TXN-15 holds

  @TXN-15
  Scenario: Cancelled while the customer is asked
    Given a terminal that has signed in
    And the wallet asks the customer for the password
    And the customer does not confirm
    When the cashier takes 42.00 yuan for order "A1"
    And the customer shows the payment code
    And the terminal says that it does not know yet
    And the cashier presses cancel
    And everything has come to rest
    Then order "A1" ends without payment
    And nothing is charged for order "A1"
    And requirement TXN-15 holds

  @TXN-15
  Scenario: Cancelled is not said before the host has given the money back
    Given a terminal that has signed in
    And on the first sale, the answer is lost
    And on the first 2 reversal messages, the request is lost
    When the cashier takes 42.00 yuan for order "A1"
    And the customer shows the payment code
    And the sale has reached the acquirer
    And 5 seconds pass
    And the cashier presses cancel
    And everything has come to rest
    Then order "A1" ends without payment
    And nothing is charged for order "A1"
    And requirement TXN-15 holds
