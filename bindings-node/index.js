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

/** The methods of `from`, with typed errors, on `to`. */
function wrap(from, to) {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
    const native = property.value
    if (name === 'constructor' || typeof native !== 'function') continue
    const value = function (...args) {
      try {
        return native.apply(this, args)
      } catch (error) {
        throw typed(error)
      }
    }
    Object.defineProperty(value, 'name', { value: name })
    Object.defineProperty(to, name, { ...property, value })
  }
}

/** A native class with typed errors. Its prototype is the native one, so `instanceof` holds for every object. */
function wrapClass(Native) {
  function Class(...args) {
    try {
      return new Native(...args)
    } catch (error) {
      throw typed(error)
    }
  }
  Object.defineProperty(Class, 'name', { value: Native.name })
  Class.prototype = Native.prototype
  wrap(Native, Class)
  wrap(Native.prototype, Class.prototype)
  return Class
}

for (const [name, Native] of Object.entries(native)) exports[name] = wrapClass(Native)
exports.ChartkeeperError = ChartkeeperError
