package io.appointmentrelay.fhir;

/** A question is answered with this status and an OperationOutcome of this code and sentence. */
public final class FhirRefusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  private FhirRefusal(int status, String code, String sentence) {
    super(sentence, null, false, false);
    this.status = status;
    this.code = code;
  }

  static FhirRefusal wrong(String sentence) {
    return new FhirRefusal(400, "invalid", sentence);
  }

  static FhirRefusal unsupported(String sentence) {
    return new FhirRefusal(400, "not-supported", sentence);
  }

  static FhirRefusal unknown(String sentence) {
    return new FhirRefusal(404, "not-found", sentence);
  }

  static FhirRefusal notAcceptable(String sentence) {
    return new FhirRefusal(406, "not-supported", sentence);
  }

  public int status() {
    return status;
  }

  /** FHIR's word for the kind of issue. */
  public String code() {
    return code;
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
