// What libraries use and Chrome 87 to 91 lack. Syntax is handled by the build target.
if (typeof (Array.prototype as { at?: unknown }).at !== 'function') {
  const at = function <T>(this: ArrayLike<T>, n: number): T | undefined {
    const i = Math.trunc(n) || 0;
    return this[i < 0 ? this.length + i : i];
  };
  for (const type of [Array, String]) {
    Object.defineProperty(type.prototype as object, 'at', { value: at, writable: true, configurable: true });
  }
}
if (typeof (Object as { hasOwn?: unknown }).hasOwn !== 'function') {
  Object.defineProperty(Object, 'hasOwn', {
    value: (o: object, key: PropertyKey) => Object.prototype.hasOwnProperty.call(o, key),
    writable: true,
    configurable: true,
  });
}
