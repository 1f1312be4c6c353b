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
