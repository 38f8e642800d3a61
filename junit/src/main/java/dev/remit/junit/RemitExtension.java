package dev.remit.junit;

import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives test methods and constructors a {@link SimulatedHost}, one for each test class, and a
 * {@link PrivateLibvirtd} of that host. Needs what {@code scripts/setup} installs; where it is
 * missing the test fails, and is not skipped.
 */
public final class RemitExtension implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(RemitExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return type == SimulatedHost.class || type == PrivateLibvirtd.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var testClass = context.getRequiredTestClass();
    var store = classContext(context).getStore(NAMESPACE);
    // What came first ends last, so that the daemon is gone before its folder is.
    var host =
        store.computeIfAbsent(
            List.of(testClass, SimulatedHost.class),
            each -> SimulatedHost.create(Programs.find()),
            SimulatedHost.class);
    return parameter.getParameter().getType() == PrivateLibvirtd.class
        ? store.computeIfAbsent(
            List.of(testClass, PrivateLibvirtd.class),
            each -> PrivateLibvirtd.start(host),
            PrivateLibvirtd.class)
        : host;
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
