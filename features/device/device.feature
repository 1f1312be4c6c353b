Feature: The device itself
  A scanner that is dead, dirty or tired: the cashier is told which, and what to do.

  Background:
    Given a terminal that has signed in

  @DEV-01
  Scenario: A dead scanner is named
    Given the scanner is dead
    When the cashier takes 18.00 yuan for order "A1"
    And the customer shows the payment code
    And the order comes to its end
    Then order "A1" ends without payment
    And the reason is device.scanner
    And the advice is more than to try again
    And nothing has been sent for order "A1"
    And nothing is charged for order "A1"
    And order "A1" had its final word within 70 seconds

  @DEV-01
  Scenario: A scanner that is repaired works again
    Given the scanner is dead
    And the cashier takes 18.00 yuan for order "A1"
    And the order comes to its end
    When it is over that the scanner is dead
    Then the next payment works

  @DEV-02
  Scenario: A dirty window is a matter of cleaning
    Given the scanner's window is dirty
    When the cashier takes 18.00 yuan for order "A1"
    And the customer shows the payment code
    And the order comes to its end
    Then order "A1" ends without payment
    And the reason is code.unreadable
    And the advice is to clean-scanner
    And the advice names the phone as well
    And nothing has been sent for order "A1"
    And order "A1" had its final word within 70 seconds

  @DEV-02
  Scenario: A scanner that gives up ends the order
    Given the scanner gives up
    When the cashier takes 18.00 yuan for order "A1"
    And the customer shows the payment code
    And the order comes to its end
    Then order "A1" ends without payment
    And the reason is code.unreadable
    And nothing has been sent for order "A1"

  @DEV-03
  Scenario: A printer without paper does not undo an approval
    Given the printer is out of paper
    When the customer pays 18.00 yuan for order "A1"
    And everything has come to rest
    Then the terminal does what is accepted about an approval whose receipt cannot be printed
    And no receipt is printed
    And requirement TXN-03 holds

  @DEV-03
  Scenario: The receipt can be had once there is paper again
    Given the printer is out of paper
    And the customer pays 18.00 yuan for order "A1"
    And it is over that the printer is out of paper
    When the cashier has the last receipt printed again
    Then a receipt is printed if order "A1" is approved
    And the terminal does what is accepted about an approval whose receipt cannot be printed
    And requirement TXN-14 holds

  @TXN-14
  Scenario: The reprint key prints the last receipt with a mark
    Given the customer pays 18.00 yuan for order "A1"
    When the cashier has the last receipt printed again
    Then a receipt is printed
    And the receipt says that it is a reprint
    And requirement TXN-14 holds

  @DEV-04
  Scenario: A version that the acquirer refuses is told, and works after the update
    Given the acquirer refuses the terminal's interface version
    When the customer pays 18.00 yuan for order "A1"
    And everything has come to rest
    Then order "A1" ends without payment
    And the reason is device.interface
    And the advice is to update-software
    And nothing is charged for order "A1"
    When the terminal's software is updated
    Then the next payment works

  @OPS-01
  Scenario: A device that is well says so
    When the cashier has the terminal test itself
    Then the self-test finds the scanner well
    And the self-test finds the storage well
    And the self-test finds the host well
    And the self-test finds the cellular well

  @OPS-01
  Scenario: A dead scanner shows in the self-test
    Given the scanner is dead
    And the cashier takes 18.00 yuan for order "A1"
    And the order comes to its end
    And everything has come to rest
    When the cashier has the terminal test itself
    Then the self-test finds the scanner faulty

  @OPS-01
  Scenario: A printer without paper shows in the self-test
    Given the printer is out of paper
    When the cashier has the terminal test itself
    Then the self-test finds the printer faulty
    When it is over that the printer is out of paper
    And the cashier has the terminal test itself
    Then the self-test finds the printer well

  @OPS-01 @OPS-03
  Scenario: A link that is down shows in the self-test, and the other one does not
    Given the cellular link goes down
    When the cashier has the terminal test itself
    Then the self-test finds the cellular faulty
    And the self-test finds the wifi well
    And the self-test finds the host well

  @OPS-03
  Scenario: Without any network the acquirer is not blamed
    Given the signal is lost
    When the cashier has the terminal test itself
    Then the self-test finds the cellular faulty
    And the self-test finds the wifi faulty
    And the self-test does not blame the acquirer

  @OPS-03
  Scenario: An acquirer that is silent is not a dead link
    Given the acquirer accepts and says nothing
    When the cashier has the terminal test itself
    Then the self-test finds the cellular well
    And the self-test finds the host faulty

  @OPS-02
  Scenario: The device log has faults and repairs with their times
    Given the printer is out of paper
    And 1 minute passes
    And it is over that the printer is out of paper
    And 1 minute passes
    When the cashier asks for the device log
    Then the device log has 2 entries or more, each with its time

  @OPS-02 @SEC-05
  Scenario: The device log survives a power cut and keeps its secrets
    Given the printer is out of paper
    And the customer pays 18.00 yuan for order "A1"
    And 1 minute passes
    And the power fails
    And the power is back
    And it is over that the printer is out of paper
    And 10 seconds pass
    When the cashier asks for the device log
    Then the device log has 2 entries or more, each with its time
    And requirement SEC-05 holds
    And requirement SEC-06 holds
