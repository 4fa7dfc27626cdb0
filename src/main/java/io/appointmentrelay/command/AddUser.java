package io.appointmentrelay.command;

import io.appointmentrelay.console.Passwords;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Prints the line that makes a console user. Never takes a password from an argument, which other
 * users of the machine could see.
 */
public final class AddUser {

  /** Where the password comes from; null if there is none. */
  public interface PasswordSource {
    @Nullable String read() throws IOException;
  }

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final int SHORTEST = 12;
  private static final int LONGEST = 128;
  private static final int DONE = 0;
  private static final int NOT_UNDERSTOOD = 2;

  /** Answers the exit status: 0, or 2 if name or password will not do. */
  public int run(String name, PasswordSource source, PrintWriter out, PrintWriter problems)
      throws IOException {
    if (!NAME.matcher(name).matches()) {
      problems.println(
          "A user's name is expected of letters, digits, dots, hyphens and underscores; found another."
              + " Choose such a name.");
      return NOT_UNDERSTOOD;
    }
    String password = source.read();
    if (password == null || password.length() < SHORTEST || password.length() > LONGEST) {
      problems.println(
          "A password is expected of "
              + SHORTEST
              + " to "
              + LONGEST
              + " letters, from the terminal or standard input; found another, or none."
              + " Choose such a one.");
      return NOT_UNDERSTOOD;
    }
    out.println(name + ":" + Passwords.hash(password));
    problems.println(
        "Put this line into the file that relay.console.users=file:/path names, and start the relay anew.");
    return DONE;
  }
}
