// The package: the native classes, with errors of the core thrown as `ChartkeeperError`. Nothing else is done here.
'use strict'

const native = require('./chartkeeper.node')

class ChartkeeperError extends Error {
  constructor({ kind, code, message, path, span }) {
    super(message)
    this.name = 'ChartkeeperError'
    this.kind = kind
    this.code = code
    this.path = path
    this.span = span
  }
}

/** What is thrown for a native error: one of the core carries its fields as JSON, any other passes as it is. */
function typed(error) {
  return error.code === 'ChartkeeperError' ? new ChartkeeperError(JSON.parse(error.message)) : error
}

/** A native function with typed errors. */
function wrap(name, native) {
  const wrapped = function (...args) {
    try {
      return native.apply(this, args)
    } catch (error) {
      throw typed(error)
    }
  }
  return Object.defineProperty(wrapped, 'name', { value: name })
}

/** The methods of `from`, with typed errors, on `to`. */
function wrapMethods(from, to) {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
    if (name === 'constructor' || typeof property.value !== 'function') continue
    Object.defineProperty(to, name, { ...property, value: wrap(name, property.value) })
  }
}

/** A native class with typed errors. Its prototype is the native one, so `instanceof` holds for every object. */
function wrapClass(name, Native) {
  const Class = wrap(name, (...args) => new Native(...args))
  Class.prototype = Native.prototype
  wrapMethods(Native, Class)
  wrapMethods(Native.prototype, Class.prototype)
  return Class
}

for (const [name, value] of Object.entries(native)) {
  exports[name] = /^[A-Z]/.test(name) ? wrapClass(name, value) : wrap(name, value)
}
exports.Records.prototype[Symbol.iterator] = function () {
  return this
}
exports.ChartkeeperError = ChartkeeperError
