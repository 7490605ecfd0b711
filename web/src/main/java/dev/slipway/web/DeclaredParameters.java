package dev.slipway.web;

import dev.slipway.schemas.Ids;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;

/// What a controller's method reads of a path and a query: its `@PathVariable`s and
/// `@RequestParam`s, the components of a record that it takes as its parameters, and what its
/// description (`@Operation`) names, for a method that reads the query by itself: `metadata.*`
/// names all that begin with `metadata.`.
///
/// INVARIANT: what nobody reads is refused. Ignored, `?repo=` in place of `?repository=` would list
/// everything. And ids and numbers are written in one way: what Java and Spring take besides
/// (`1-1-1-1-1`, `0xA`, `+10`, `010`, digits of other scripts) means something else to whoever
/// wrote it.
final class DeclaredParameters {
  private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]{0,18}");

  private final Map<String, Declared> query = new HashMap<>();
  private final Map<String, Declared> path = new HashMap<>();

  /// @param form of every value; null when any text will do
  private record Declared(boolean repeatable, @Nullable Pattern form) {
    static Declared of(Class<?> type) {
      boolean repeatable = type.isArray() || Collection.class.isAssignableFrom(type);
      return new Declared(repeatable, form(type));
    }

    private static @Nullable Pattern form(Class<?> type) {
      if (type == UUID.class) {
        return Ids.UUID_TEXT;
      }
      boolean number =
          type == long.class || type == Long.class || type == int.class || type == Integer.class;
      return number ? INTEGER : null;
    }

    boolean fits(@Nullable String value) {
      // an empty one is for Spring to judge: it counts as absent
      return form == null || value == null || value.isEmpty() || form.matcher(value).matches();
    }
  }

  private DeclaredParameters() {}

  static DeclaredParameters of(Method method) {
    DeclaredParameters declared = new DeclaredParameters();
    Operation description = AnnotatedElementUtils.findMergedAnnotation(method, Operation.class);
    if (description != null) {
      for (var parameter : description.parameters()) {
        if (parameter.in() == ParameterIn.QUERY) {
          declared.query.put(parameter.name(), new Declared(true, null));
        }
      }
    }
    for (Parameter parameter : method.getParameters()) {
      declared.add(parameter);
    }
    return declared;
  }

  private void add(Parameter parameter) {
    Class<?> type = parameter.getType();
    RequestParam asked = annotation(parameter, RequestParam.class);
    PathVariable part = annotation(parameter, PathVariable.class);
    if (asked != null) {
      query.put(named(asked.name(), parameter), Declared.of(type));
    } else if (part != null) {
      path.put(named(part.name(), parameter), Declared.of(type));
    } else if (type.isRecord()
        && annotation(parameter, RequestBody.class) == null
        && annotation(parameter, AuthenticationPrincipal.class) == null) {
      for (RecordComponent component : type.getRecordComponents()) {
        query.put(component.getName(), Declared.of(component.getType()));
      }
    }
  }

  private static <A extends Annotation> @Nullable A annotation(
      AnnotatedElement element, Class<A> type) {
    return AnnotatedElementUtils.getMergedAnnotation(element, type);
  }

  private static String named(String name, Parameter parameter) {
    return name.isEmpty() ? parameter.getName() : name;
  }

  /// @param values of the variables, decoded
  /// @throws ApiException 400, naming every variable that is not written as it must be
  void requirePath(Map<String, String> values) {
    List<FieldError> errors = new ArrayList<>();
    path.forEach((name, declared) -> {
      if (!declared.fits(values.get(name))) {
        errors.add(InputProblems.wrongType(name));
      }
    });
    if (!errors.isEmpty()) {
      throw InputProblems.malformedPath(errors);
    }
  }

  private @Nullable Declared declared(String name) {
    Declared declared = query.get(name);
    int dot = name.indexOf('.');
    return declared != null || dot < 0 ? declared : query.get(name.substring(0, dot) + ".*");
  }

  /// @throws ApiException 422, naming every parameter that is unknown, given twice, or not written
  ///   as it must be
  void requireQuery(MultiValueMap<String, String> given) {
    List<FieldError> errors = new ArrayList<>();
    given.forEach((name, values) -> {
      Declared declared = declared(name);
      if (declared == null) {
        errors.add(new FieldError(name, "unknown_field", "There is no such parameter."));
      } else if (!declared.repeatable() && values.size() > 1) {
        errors.add(new FieldError(name, "repeated", "It may be given once."));
      } else if (!values.stream().allMatch(declared::fits)) {
        errors.add(InputProblems.wrongType(name));
      }
    });
    if (!errors.isEmpty()) {
      throw ApiException.invalid(errors);
    }
  }
}
