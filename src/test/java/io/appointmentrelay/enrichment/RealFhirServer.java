package io.appointmentrelay.enrichment;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.OperationParam;
import ca.uhn.fhir.rest.annotation.OptionalParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.RequiredParam;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.annotation.Sort;
import ca.uhn.fhir.rest.annotation.Update;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.SortSpec;
import ca.uhn.fhir.rest.param.DateRangeParam;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenParam;
import ca.uhn.fhir.rest.param.UriParam;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.exceptions.PreconditionFailedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.SignedJWT;
import io.appointmentrelay.FreePort;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.io.ConnectionStatistics;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Subscription;

/**
 * A real FHIR server (HAPI's) with a token server beside it that verifies signatures. It may ask
 * for tokens, be stopped and come back on the same port, and remembers what it was asked.
 */
public final class RealFhirServer implements AutoCloseable {

  private final List<Resource> resources = new CopyOnWriteArrayList<>();
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final Set<String> tokens = ConcurrentHashMap.newKeySet();
  private final AtomicInteger tokensGiven = new AtomicInteger();
  private volatile boolean asksForTokens;
  private volatile int tokenSeconds = 300;
  private volatile JWK clientKey;
  private volatile String clientSecret;
  private final int port = FreePort.any();
  private ConnectionStatistics connections = new ConnectionStatistics();
  private int mostConnections;
  private Server jetty;

  public static RealFhirServer start() {
    RealFhirServer server = new RealFhirServer();
    server.up();
    return server;
  }

  /** Starts it, or again on the same port. */
  public void up() {
    jetty = new Server();
    ServerConnector connector = new ServerConnector(jetty);
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    connections = new ConnectionStatistics();
    connector.addBean(connections);
    jetty.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    RestfulServer fhir = new RestfulServer(FhirContext.forR4Cached());
    fhir.setResourceProviders(
        new Patients(),
        new Appointments(),
        new Subscriptions(),
        new Practitioners(),
        new Locations(),
        new Services());
    context.addServlet(new ServletHolder(fhir), "/fhir/*");
    context.addServlet(new ServletHolder(new TokenServlet()), "/token");
    context.addFilter(new FilterHolder(this::pass), "/fhir/*", EnumSet.of(DispatcherType.REQUEST));
    jetty.setHandler(context);
    try {
      jetty.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops it: from now on connections are refused. */
  public void down() {
    mostConnections = mostConnections();
    try {
      jetty.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  public URI baseUrl() {
    return URI.create("http://127.0.0.1:" + port + "/fhir");
  }

  public URI tokenUrl() {
    return URI.create("http://127.0.0.1:" + port + "/token");
  }

  public RealFhirServer knows(Resource... known) {
    resources.addAll(List.of(known));
    return this;
  }

  /** It was deleted. */
  public RealFhirServer forgets(Resource known) {
    resources.removeIf(
        one -> one.getIdElement().getIdPart().equals(known.getIdElement().getIdPart()));
    return this;
  }

  /** From now on answers only who has a token, which is had for this key. */
  public RealFhirServer asksForTokensSignedBy(JWK publicKey) {
    asksForTokens = true;
    clientKey = publicKey;
    return this;
  }

  public RealFhirServer asksForTokensHadFor(String secret) {
    asksForTokens = true;
    clientSecret = secret;
    return this;
  }

  public RealFhirServer accepts(String token) {
    asksForTokens = true;
    tokens.add(token);
    return this;
  }

  public void tokensLive(int seconds) {
    tokenSeconds = seconds;
  }

  public void revokeTokens() {
    tokens.clear();
  }

  public int tokensGiven() {
    return tokensGiven.get();
  }

  /** Every token that was ever given. */
  public List<String> everyToken() {
    return List.copyOf(given);
  }

  private final Queue<String> given = new ConcurrentLinkedQueue<>();

  /** Method and path of every request, such as {@code POST /fhir/Patient/_search}. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  public long asked(String part) {
    return asked.stream().filter(request -> request.contains(part)).count();
  }

  /** How many connections were open at once, at the most. */
  public int mostConnections() {
    return Math.max(mostConnections, (int) connections.getConnectionsMax());
  }

  private void pass(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    String query = http.getQueryString() == null ? "" : "?" + http.getQueryString();
    asked.add(http.getMethod() + " " + http.getRequestURI() + query);
    String authorization = http.getHeader("Authorization");
    boolean welcome =
        !asksForTokens
            || (authorization != null && tokens.contains(authorization.replace("Bearer ", "")));
    boolean isWrite = Set.of("PUT", "PATCH", "POST").contains(http.getMethod());
    if (welcome && refusal != 0 && isWrite && http.getRequestURI().contains("/Appointment/a")) {
      ((HttpServletResponse) response).sendError(refusal);
      refusal = refusesOnce ? 0 : refusal;
      return;
    }
    if (welcome) {
      chain.doFilter(request, response);
    } else {
      ((HttpServletResponse) response).sendError(401);
    }
  }

  private final class TokenServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private final transient Set<String> seen = new HashSet<>();

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      String refusal = refusal(request);
      response.setContentType("application/json");
      if (refusal != null) {
        response.setStatus(400);
        response.getWriter().write("{\"error\":\"invalid_client\"}");
        asked.add("REFUSED " + refusal);
        return;
      }
      String token = "token-" + UUID.randomUUID();
      tokens.add(token);
      given.add(token);
      tokensGiven.incrementAndGet();
      response
          .getWriter()
          .write(
              "{\"access_token\":\""
                  + token
                  + "\",\"token_type\":\"bearer\",\"expires_in\":"
                  + tokenSeconds
                  + "}");
    }

    private String refusal(HttpServletRequest request) {
      if (!"client_credentials".equals(request.getParameter("grant_type"))) {
        return "grant_type";
      }
      if (clientKey == null) {
        boolean known =
            clientSecret != null
                && clientSecret.equals(request.getParameter("client_secret"))
                && "the-client".equals(request.getParameter("client_id"));
        return known ? null : "secret";
      }
      return signatureRefusal(request.getParameter("client_assertion"));
    }

    private synchronized String signatureRefusal(String assertion) {
      try {
        SignedJWT jwt = SignedJWT.parse(assertion);
        var claims = jwt.getJWTClaimsSet();
        JWSVerifier verifier =
            clientKey.getKeyType().getValue().equals("RSA")
                ? new RSASSAVerifier(clientKey.toRSAKey())
                : new ECDSAVerifier(clientKey.toECKey());
        Date latest = new Date(System.currentTimeMillis() + 5 * 60_000);
        if (!clientKey.getKeyID().equals(jwt.getHeader().getKeyID()) || !jwt.verify(verifier)) {
          return "signature";
        }
        boolean sound =
            "the-client".equals(claims.getIssuer())
                && "the-client".equals(claims.getSubject())
                && claims.getAudience().equals(List.of(tokenUrl().toString()))
                && claims.getExpirationTime().before(latest)
                && seen.add(claims.getJWTID());
        return sound ? null : "claims";
      } catch (Exception e) {
        return e.getClass().getSimpleName();
      }
    }
  }

  private <T extends Resource> List<T> all(Class<T> type) {
    return resources.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private <T extends Resource> T one(Class<T> type, IdType id) {
    return all(type).stream()
        .filter(resource -> id.getIdPart().equals(resource.getIdElement().getIdPart()))
        .findFirst()
        .orElseThrow(() -> new ResourceNotFoundException(id));
  }

  private static boolean bears(List<Identifier> identifiers, TokenParam asked) {
    return identifiers.stream()
        .anyMatch(
            one ->
                one.getValue().equals(asked.getValue())
                    && (asked.getSystem() == null || asked.getSystem().equals(one.getSystem())));
  }

  /** Reads by id. */
  public abstract class Provider<T extends Resource> implements IResourceProvider {
    private final Class<T> type;

    Provider(Class<T> type) {
      this.type = type;
    }

    @Override
    public Class<? extends IBaseResource> getResourceType() {
      return type;
    }

    T byId(IdType id) {
      return one(type, id);
    }
  }

  /** Patients. */
  public final class Patients extends Provider<Patient> {
    Patients() {
      super(Patient.class);
    }

    @Read
    public Patient read(@IdParam IdType id) {
      return byId(id);
    }

    @Search
    public List<Patient> search(@RequiredParam(name = "identifier") TokenParam identifier) {
      return all(Patient.class).stream()
          .filter(patient -> bears(patient.getIdentifier(), identifier))
          .toList();
    }
  }

  /** Appointments. */
  public final class Appointments extends Provider<Appointment> {
    Appointments() {
      super(Appointment.class);
    }

    @Read
    public Appointment read(@IdParam IdType id) {
      return byId(id);
    }

    @Update
    public MethodOutcome update(@IdParam IdType id, @ResourceParam Appointment changed) {
      return write(id, changed);
    }

    @Search
    public List<Appointment> search(
        @OptionalParam(name = "identifier") TokenParam identifier,
        @OptionalParam(name = "patient") ReferenceParam patient,
        @OptionalParam(name = "date") DateRangeParam date,
        @OptionalParam(name = "_lastUpdated") DateRangeParam updated,
        @Sort SortSpec sort) {
      return all(Appointment.class).stream()
          .filter(one -> updated == null || isSince(one, updated))
          .filter(
              one ->
                  identifier == null
                      || ignoresIdentifiers
                      || bears(one.getIdentifier(), identifier))
          .filter(one -> patient == null || isOf(one, patient))
          .filter(one -> date == null || isWithin(one, date))
          .toList();
    }

    private boolean isOf(Appointment appointment, ReferenceParam patient) {
      return appointment.getParticipant().stream()
          .anyMatch(one -> one.getActor().getReference().equals("Patient/" + patient.getIdPart()));
    }

    private boolean isSince(Appointment appointment, DateRangeParam updated) {
      Date since = appointment.getMeta().getLastUpdated();
      return since != null && !since.before(updated.getLowerBoundAsInstant());
    }

    private boolean isWithin(Appointment appointment, DateRangeParam date) {
      return !appointment.getStart().before(date.getLowerBoundAsInstant())
          && !appointment.getStart().after(date.getUpperBoundAsInstant());
    }
  }

  private final AtomicInteger writes = new AtomicInteger();
  private volatile Consumer<Appointment> beforeWrite = appointment -> {};
  private volatile Runnable afterWrite = () -> {};
  private volatile int refusal;
  private volatile boolean refusesOnce;
  private volatile boolean ignoresIdentifiers;

  /** From now on appointments have versions. */
  public RealFhirServer hasVersions() {
    all(Appointment.class).forEach(one -> version(one, 1));
    return this;
  }

  private static void version(Appointment appointment, long version) {
    appointment.setId(
        new IdType("Appointment", appointment.getIdElement().getIdPart(), String.valueOf(version)));
    appointment.getMeta().setVersionId(String.valueOf(version));
  }

  /** Another's hand, after an appointment was read and before it is written. */
  public void beforeWrite(Consumer<Appointment> change) {
    beforeWrite = change;
  }

  /** Runs after an appointment was written and before that is answered. */
  public void afterWrite(Runnable then) {
    afterWrite = then;
  }

  /** From now on answers changes so; 0: takes them. */
  public void refusesWrites(int status) {
    refusal = status;
  }

  /** Answers the next change so, and takes those that follow. */
  public void refusesAWrite(int status) {
    refusesOnce = true;
    refusal = status;
  }

  /** From now on a search for an identifier finds whatever there is. */
  public void ignoresIdentifiers() {
    ignoresIdentifiers = true;
  }

  /** How many changes of appointments were taken. */
  public int writes() {
    return writes.get();
  }

  /** Changes an appointment as the EHR's own people do. */
  public void changes(String id, Consumer<Appointment> change) {
    Appointment appointment = one(Appointment.class, new IdType(id));
    change.accept(appointment);
    if (appointment.getMeta().hasVersionId()) {
      version(appointment, Long.parseLong(appointment.getMeta().getVersionId()) + 1);
    }
  }

  public Appointment appointment(String id) {
    return one(Appointment.class, new IdType(id));
  }

  private MethodOutcome write(IdType id, Appointment changed) {
    Appointment before = one(Appointment.class, id);
    beforeWrite.accept(before);
    String version = before.getMeta().getVersionId();
    if (id.hasVersionIdPart() && !id.getVersionIdPart().equals(version)) {
      throw new PreconditionFailedException("another version");
    }
    writes.incrementAndGet();
    if (version != null) {
      version(changed, Long.parseLong(version) + 1);
    }
    resources.set(resources.indexOf(before), changed);
    afterWrite.run();
    return new MethodOutcome(changed.getIdElement(), false).setResource(changed);
  }

  /** From now on keeps the event, as {@code $events} has it. */
  public RealFhirServer keepsEvent(long number, String appointment, Date when) {
    events.put(number, new Event(appointment, when));
    return this;
  }

  private record Event(String appointment, Date when) {}

  private final ConcurrentNavigableMap<Long, Event> events = new ConcurrentSkipListMap<>();

  /** The subscriptions it has. */
  public List<Subscription> subscriptions() {
    return all(Subscription.class);
  }

  /** Subscriptions: made, changed, read, found by url, and asked for their events. */
  public final class Subscriptions extends Provider<Subscription> {
    Subscriptions() {
      super(Subscription.class);
    }

    @Read
    public Subscription read(@IdParam IdType id) {
      return byId(id);
    }

    @Create
    public MethodOutcome create(@ResourceParam Subscription subscription) {
      subscription.setId("sub-" + (subscriptions().size() + 1));
      subscription.setStatus(Subscription.SubscriptionStatus.ACTIVE);
      resources.add(subscription);
      return new MethodOutcome(subscription.getIdElement(), true).setResource(subscription);
    }

    @Update
    public MethodOutcome update(@IdParam IdType id, @ResourceParam Subscription subscription) {
      resources.remove(byId(id));
      subscription.setId(id.getIdPart());
      subscription.setStatus(Subscription.SubscriptionStatus.ACTIVE);
      resources.add(subscription);
      return new MethodOutcome(subscription.getIdElement(), false).setResource(subscription);
    }

    @Search
    public List<Subscription> search(@OptionalParam(name = "url") UriParam url) {
      return subscriptions().stream()
          .filter(one -> url == null || url.getValue().equals(one.getChannel().getEndpoint()))
          .toList();
    }

    @Operation(name = "$events", idempotent = true)
    public Bundle events(
        @IdParam IdType id,
        @OperationParam(name = "eventsSinceNumber") IntegerType since,
        @OperationParam(name = "eventsUntilNumber") IntegerType until) {
      if (events.isEmpty()) {
        throw new ResourceNotFoundException("no events are kept");
      }
      Parameters status = new Parameters();
      status.addParameter("subscription", new Reference("Subscription/" + id.getIdPart()));
      status.addParameter("type", new CodeType("query-event"));
      events
          .subMap((long) since.getValue(), true, (long) until.getValue(), true)
          .forEach(
              (number, event) -> {
                var parameter = status.addParameter().setName("notification-event");
                parameter.addPart().setName("event-number").setValue(new StringType("" + number));
                parameter.addPart().setName("timestamp").setValue(new InstantType(event.when()));
                parameter
                    .addPart()
                    .setName("focus")
                    .setValue(new Reference("Appointment/" + event.appointment()));
              });
      Bundle bundle = new Bundle().setType(Bundle.BundleType.HISTORY);
      bundle.addEntry().setResource(status);
      return bundle;
    }
  }

  /** Practitioners. */
  public final class Practitioners extends Provider<Practitioner> {
    Practitioners() {
      super(Practitioner.class);
    }

    @Read
    public Practitioner read(@IdParam IdType id) {
      return byId(id);
    }
  }

  /** Places. */
  public final class Locations extends Provider<Location> {
    Locations() {
      super(Location.class);
    }

    @Read
    public Location read(@IdParam IdType id) {
      return byId(id);
    }
  }

  /** Services. */
  public final class Services extends Provider<HealthcareService> {
    Services() {
      super(HealthcareService.class);
    }

    @Read
    public HealthcareService read(@IdParam IdType id) {
      return byId(id);
    }
  }

  @Override
  public void close() {
    down();
  }
}
