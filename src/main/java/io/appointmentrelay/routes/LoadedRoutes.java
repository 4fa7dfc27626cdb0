package io.appointmentrelay.routes;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.support.PluginHelper;

/**
 * Puts route files into a context and takes them out again, and knows which file brought which
 * route.
 */
final class LoadedRoutes {

  private static final long STOP_WITHIN_SECONDS = 30;

  private final CamelContext context;
  private final ModelCamelContext model;
  private final Map<String, Set<String>> routesByFile = new HashMap<>();

  LoadedRoutes(CamelContext context) {
    this.context = context;
    this.model = (ModelCamelContext) context;
  }

  /**
   * Loads files: configurations first, then routes and templates, then what is made from templates.
   */
  void load(RouteFiles files, Collection<String> names) {
    Map<String, Collection<RoutesBuilder>> builders = new LinkedHashMap<>();
    for (String name : names) {
      attempt(files, name, () -> builders.put(name, parse(files, name)));
    }
    builders.forEach(
        (name, parsed) ->
            attempt(
                files,
                name,
                () -> {
                  for (RoutesBuilder builder : parsed) {
                    if (builder instanceof RouteConfigurationsBuilder configurations) {
                      context.addRoutesConfigurations(configurations);
                    }
                  }
                }));
    builders.forEach((name, parsed) -> add(files, name, parsed, false));
    builders.forEach((name, parsed) -> add(files, name, parsed, true));
    mustLeadSomewhere(files);
  }

  /** A step to a route that is not there would hold up what runs, and then fail. */
  private void mustLeadSomewhere(RouteFiles files) {
    Set<String> beginnings = new LinkedHashSet<>();
    for (RouteDefinition route : model.getRouteDefinitions()) {
      beginnings.add(direct(route.getInput().getEndpointUri()));
    }
    for (RouteDefinition route : model.getRouteDefinitions()) {
      String name = fileOf(route.getRouteId());
      for (ToDefinition step :
          ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)) {
        String to = direct(step.getEndpointUri());
        if (!to.isEmpty() && !beginnings.contains(to)) {
          attempt(files, name, () -> throwNothingBeginsWith(to));
        }
      }
    }
  }

  /** Empty for what is no {@code direct:}, or is only known when its placeholder is. */
  private static String direct(String uri) {
    String plain = EndpointUri.name(uri);
    return plain.startsWith("direct:") && !plain.contains("{{") ? plain : "";
  }

  private static void throwNothingBeginsWith(String uri) {
    throw new IllegalArgumentException(
        "Failed to resolve endpoint: " + uri,
        new IllegalArgumentException(
            "A step to "
                + uri
                + " expects a route that begins with it, found none. Add that route, or correct the name."));
  }

  private Collection<RoutesBuilder> parse(RouteFiles files, String name) throws Exception {
    return PluginHelper.getRoutesLoader(context).findRoutesBuilders(List.of(files.resource(name)));
  }

  private void add(
      RouteFiles files, String name, Collection<RoutesBuilder> builders, boolean templated) {
    attempt(
        files,
        name,
        () -> {
          Set<String> before = routeIds();
          try {
            for (RoutesBuilder builder : builders) {
              if (templated) {
                context.addTemplatedRoutes(builder);
              } else {
                context.addRoutes(builder);
              }
            }
          } finally {
            Set<String> added = routeIds();
            added.removeAll(before);
            routesByFile.computeIfAbsent(name, key -> new LinkedHashSet<>()).addAll(added);
          }
        });
  }

  /** Stops and removes what files have brought. */
  void unload(RouteFiles files, Collection<String> names) {
    for (String name : names) {
      attempt(
          files,
          name,
          () -> {
            for (String id : routesByFile.getOrDefault(name, Set.of())) {
              context
                  .getRouteController()
                  .stopRoute(id, STOP_WITHIN_SECONDS, java.util.concurrent.TimeUnit.SECONDS);
              context.removeRoute(id);
            }
            routesByFile.remove(name);
            removeTemplates(files, name);
          });
    }
  }

  private void removeTemplates(RouteFiles files, String name) throws Exception {
    String content = files.files().getOrDefault(name, "");
    for (RouteTemplateDefinition template : List.copyOf(model.getRouteTemplateDefinitions())) {
      if (content.contains("routeTemplate:") && content.contains("id: " + template.getId())) {
        model.removeRouteTemplateDefinition(template);
      }
    }
  }

  /** Finds the file that a route came from. */
  String fileOf(String routeId) {
    return routesByFile.entrySet().stream()
        .filter(entry -> entry.getValue().contains(routeId))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  private Set<String> routeIds() {
    Set<String> ids = new LinkedHashSet<>();
    for (RouteDefinition definition : model.getRouteDefinitions()) {
      ids.add(definition.getRouteId());
    }
    return ids;
  }

  private interface Step {
    void run() throws Exception;
  }

  private static void attempt(RouteFiles files, String name, Step step) {
    try {
      step.run();
    } catch (BrokenRoutes e) {
      throw e;
    } catch (Exception e) {
      throw new BrokenRoutes(Fault.describe(files, name, e), e);
    }
  }
}
