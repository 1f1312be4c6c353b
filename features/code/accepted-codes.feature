Feature: Payment codes of every wallet
  A terminal takes what a wallet shows, exactly as it shows it, and nothing else.

  Background:
    Given a terminal that has signed in

  @CODE-01 @matrix
  Scenario Outline: The code of <wallet> is taken as it is
    Given the customer uses <wallet>
    When the customer pays 128.50 yuan for order "A1"
    Then order "A1" is approved
    And the code that was shown is the code that was sent
    And the customer has paid 128.50 yuan for order "A1"

    Examples:
      | wallet     |
      | WeChat Pay |
      | Alipay     |
      | UnionPay   |
      | JD Pay     |
      | e-CNY      |

  @CODE-01
  Scenario Outline: Every prefix and length of a wallet goes to the acquirer: <which>
    When the cashier takes 9.90 yuan for order "A1"
    And the scanner reads "<code>"
    And the order comes to its end
    Then the terminal has sent 1 sale message
    And the code that was shown is the code that was sent

    Examples:
      | which                | code                     |
      | WeChat Pay 10        | 104509276813450927       |
      | WeChat Pay 11        | 114509276813450927       |
      | WeChat Pay 12        | 124509276813450927       |
      | WeChat Pay 13        | 134509276813450927       |
      | WeChat Pay 14        | 144509276813450927       |
      | WeChat Pay 15        | 154509276813450927       |
      | Alipay 25, 16 digits | 2501234567890123         |
      | Alipay 26, 17 digits | 26012345678901234        |
      | Alipay 27, 18 digits | 270123456789012345       |
      | Alipay 28, 19 digits | 2801234567890123456      |
      | Alipay 29, 20 digits | 29012345678901234567     |
      | Alipay 30, 21 digits | 300123456789012345678    |
      | Alipay 28, 23 digits | 28012345678901234567890  |
      | Alipay 28, 24 digits | 280123456789012345678901 |
      | JD Pay 625010        | 6250109876543210987      |
      | UnionPay 6212        | 6212345678901234567      |
      | UnionPay 6298        | 6298765432109876543      |
      | e-CNY 0123           | 0123450987612345098      |
      | e-CNY 0199           | 0199887766554433221      |

  @CODE-02
  Scenario Outline: Blanks that the scanner adds do no harm: <what>
    When the cashier takes 9.90 yuan for order "A1"
    And the scanner reads the payment code between "<before>" and "<after>"
    And the order comes to its end
    Then order "A1" is approved
    And the code that was shown is the code that was sent

    Examples:
      | what              | before | after  |
      | carriage return   |        | \r     |
      | line end          |        | \r\n   |
      | tab before        | \t     |        |
      | blanks all around | \u{20} | \u{20} |

  @CODE-02
  Scenario Outline: What is no payment code is refused at once: <what>
    When the cashier takes 9.90 yuan for order "A1"
    And the scanner reads "<text>"
    And 1 second passes
    Then order "A1" ends without payment
    And the reason is code.unknown
    And nothing has been sent for order "A1"
    And the next payment works

    Examples:
      | what                        | text                            |
      | a web address               | https://qr.95516.com/00010000   |
      | a merchant's code           | weixin://wxpay/bizpayurl?pr=abc |
      | words                       | HELLO WORLD                     |
      | a card of 22 digits         | 6222021234567890123456          |
      | Alipay of 22 digits         | 2801234567890123456789          |
      | WeChat, a digit short       | 13450927681345092               |
      | WeChat, a digit long        | 1345092768134509276             |
      | Alipay, too short           | 280123456789012                 |
      | Alipay, too long            | 2801234567890123456789012       |
      | UnionPay of 18 digits       | 621234567890123456              |
      | e-CNY of 18 digits          | 011234567890123456              |
      | a prefix that nobody has    | 991234567890123456              |
      | an AIM prefix               | ]Q1134509276813450927           |
      | a blank inside              | 134509276 813450927             |
      | a letter inside             | 13450927681345092O              |
      | full-width digits           | １３４５０９２７６８１３４５０９２７              |
      | Arabic digits               | ١٣٤٥٠٩٢٧٦٨١٣٤٥٠٩٢٧              |
      | a plus sign before          | +134509276813450927             |
      | a no-break space behind     | 134509276813450927\u{A0}        |

  @CODE-03
  Scenario: A double trigger makes one request
    Given the scanner reads the code twice
    When the customer pays 35.00 yuan for order "A1"
    Then order "A1" is approved
    And the terminal has sent 1 sale message
    And the customer has paid 35.00 yuan for order "A1"

  @CODE-03
  Scenario: A second read after the order has ended does not open anything
    When the customer pays 35.00 yuan for order "A1"
    And the scanner delivers the same read again after 1 ms
    And 5 seconds pass
    Then the terminal has sent 1 sale message
    And the next payment works

  @CODE-03 @virtual
  Scenario: The echo of a read does not touch the next order
    Given the cashier takes 35.00 yuan for order "A1"
    And the customer shows the payment code
    And 800 milliseconds pass
    When the cashier takes 12.00 yuan for order "A2"
    And the scanner echoes its last read within a second of it
    And 2 seconds pass
    And the customer refreshes the code
    And the customer shows the payment code
    And the order comes to its end
    Then order "A2" is approved
    And the terminal has sent 2 sale messages
    And the customer has paid 35.00 yuan for order "A1"
    And the customer has paid 12.00 yuan for order "A2"

  @CODE-03
  Scenario: A second read of a refused text does not touch the next order
    When the cashier takes 9.90 yuan for order "A1"
    And the scanner reads "HELLO WORLD"
    And the scanner delivers the same read again after 500 ms
    Then order "A1" ends without payment
    And the next payment works

  @CODE-04
  Scenario: A code that was paid with is not sent again
    Given the customer pays 20.00 yuan for order "A1"
    When the cashier takes 20.00 yuan for order "A2"
    And 30 seconds pass
    And the customer shows the same code again
    And 1 second passes
    Then order "A2" ends without payment
    And the reason is code.used
    And nothing has been sent for order "A2"

  @CODE-04
  Scenario: A code that was declined is not sent again
    Given the wallet does not honour the payment
    And the customer pays 20.00 yuan for order "A1"
    And it is over that the wallet does not honour the payment
    When the cashier takes 20.00 yuan for order "A2"
    And 30 seconds pass
    And the customer shows the same code again
    And 1 second passes
    Then order "A2" ends without payment
    And the reason is code.used
    And the terminal has sent 1 sale message

  @CODE-04
  Scenario: A code is not sent again after others were
    Given the customer pays 20.00 yuan for order "A1"
    And the customer refreshes the code
    And the customer pays 30.00 yuan for order "A2"
    And the customer refreshes the code
    And the customer pays 40.00 yuan for order "A3"
    When the cashier takes 20.00 yuan for order "A4"
    And 30 seconds pass
    And the customer shows the code of order "A1" again
    And 1 second passes
    Then order "A4" ends without payment
    And the reason is code.used
    And nothing has been sent for order "A4"
    And order "A3" is approved

  @CODE-04
  Scenario: A code whose payment came to nothing is not sent again
    Given on the first sale, the request is lost
    And the customer pays 20.00 yuan for order "A1"
    When the cashier takes 20.00 yuan for order "A2"
    And 30 seconds pass
    And the customer shows the same code again
    And 1 second passes
    Then order "A2" ends without payment
    And the reason is code.used
    And the terminal has sent 1 sale message

  @CODE-04
  Scenario: A code is remembered over a power cut
    Given the customer pays 20.00 yuan for order "A1"
    And the power fails
    And the power is back
    When the cashier takes 20.00 yuan for order "A2"
    And the customer shows the same code again
    And 1 second passes
    Then order "A2" ends without payment
    And the reason is code.used
    And the terminal has sent 1 sale message
    And the next payment works

  @CODE-05
  Scenario: An expired code is refused and a fresh one helps
    Given the phone's clock is wrong by 10 minutes
    When the customer pays 20.00 yuan for order "A1"
    Then order "A1" is declined
    And the reason is code.expired
    And the advice is to refresh-code
    And the terminal has sent no reversal
    And nothing is charged for order "A1"
    When it is over that the phone's clock is wrong
    Then the next payment works

  @CODE-06
  Scenario: The keypad stands in for a dead scanner
    Given the scanner is dead
    When the cashier takes 64.00 yuan for order "A1"
    And 1 second passes
    And the cashier types the code on the phone
    And 30 seconds pass
    Then order "A1" is approved, unless the dead scanner had ended it

  @CODE-06
  Scenario: The keypad takes a code that the scanner was not shown
    When the cashier takes 64.00 yuan for order "A1"
    And 1 second passes
    And the cashier types the code on the phone
    And the order comes to its end
    Then order "A1" is approved
    And the code that was shown is the code that was sent

  @CODE-08
  Scenario Outline: A hostile scan is refused and the next payment works: <what>
    When the cashier takes 9.90 yuan for order "A1"
    And the scanner reads "<text>"
    And 1 second passes
    Then order "A1" ends without payment
    And the reason is code.unknown
    And nothing has been sent for order "A1"
    And the next payment works

    Examples:
      | what                  | text                                         |
      | control characters    | \u{1}\u{2}\u{3}\u{0}\u{7F}134509276813450927    |
      | nested TLV            | 00020126990199029903990499059906990799089909 |
      | invalid UTF-8 escaped | \u{FFFD}\u{FFFD}134509276813450927           |
      | quotes and braces     | {}[]'<>&%s%n134509276813450927               |
      | a line of nothing     | \r\n                                         |

  @CODE-08
  Scenario: 64 KiB of digits are refused and the next payment works
    When the cashier takes 9.90 yuan for order "A1"
    And the scanner reads 65536 digits
    And 1 second passes
    Then order "A1" ends without payment
    And the reason is code.unknown
    And the next payment works
