package io.appointmentrelay;

/** Starts the relay. */
public final class Application {
  private Application() {}

  /** Runs the command named by the arguments; without arguments, serves. */
  public static void main(String[] args) {}
}
