package io.appointmentrelay.bench;

import org.jspecify.annotations.Nullable;

/**
 * One row of the table.
 *
 * @param limit what was measured beside it in the same run; absent: nothing is
 * @param unit of both, as {@code /s}
 * @param aim for the ratio to the limit or, without one, for the figure itself
 */
record Figure(String what, double figure, @Nullable Double limit, String unit, String aim) {

  static Figure beside(double limit, String what, double figure, String unit, String aim) {
    return new Figure(what, figure, limit, unit, aim);
  }

  static Figure alone(String what, double figure, String unit, String aim) {
    return new Figure(what, figure, null, unit, aim);
  }

  String row() {
    String beside = limit == null ? "" : number(limit) + unit;
    String ratio = limit == null ? "" : "%.2f".formatted(figure / limit);
    return "| %s | %s%s | %s | %s | %s |".formatted(what, number(figure), unit, beside, ratio, aim);
  }

  private static String number(double value) {
    return value >= 100 ? "%,.0f".formatted(value) : "%.2f".formatted(value);
  }
}
