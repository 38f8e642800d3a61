package dev.remit.junit;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives test methods and constructors a {@link SimulatedHost}, one for each test class. Needs what
 * {@code scripts/setup} installs; where it is missing the test fails, and is not skipped.
 */
public final class RemitExtension implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(RemitExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == SimulatedHost.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var testClass = context.getRequiredTestClass();
    return classContext(context)
        .getStore(NAMESPACE)
        .computeIfAbsent(testClass, each -> SimulatedHost.create(Programs.find()));
  }

  /** The context that ends with the class, so that the host is closed then. */
  private static ExtensionContext classContext(ExtensionContext context) {
    var candidate = context;
    while (candidate.getTestMethod().isPresent() && candidate.getParent().isPresent()) {
      candidate = candidate.getParent().get();
    }
    return candidate;
  }
}
