package dev.remit.adapter.libvirt;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A libvirt of which only the functions work that a test gives it. */
final class FakeLibvirt implements InvocationHandler {
  /** What a function does with its arguments. */
  @FunctionalInterface
  interface Body {
    @Nullable Object call(@Nullable Object[] arguments);
  }

  private final Map<String, Body> functions = new ConcurrentHashMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private volatile int errorNumber;
  private volatile String errorText = "";

  FakeLibvirt with(String function, Body body) {
    functions.put(function, body);
    return this;
  }

  /** What libvirt says of the call that does not succeed. */
  FakeLibvirt withError(int number, String text) {
    errorNumber = number;
    errorText = text;
    return this;
  }

  NativeLibvirt library() {
    return (NativeLibvirt)
        Proxy.newProxyInstance(
            FakeLibvirt.class.getClassLoader(), new Class<?>[] {NativeLibvirt.class}, this);
  }

  /** Names of the functions that were called, in order, without those that fetch an error. */
  List<String> calls() {
    return calls;
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] arguments) {
    switch (method.getName()) {
      case "virGetLastErrorCode" -> {
        return errorNumber;
      }
      case "virGetLastErrorMessage" -> {
        return errorText;
      }
      default -> calls.add(method.getName());
    }
    var body = functions.get(method.getName());
    if (body == null) {
      throw new AssertionError("nobody expects " + method.getName());
    }
    return body.call(arguments);
  }
}
