// How the page looks: read from what the browser remembers, and put on the page before its first line is drawn.

'use strict'

const reading = {}

{
  const KEY = 'packager.reading'

  const FIRST = {
    theme: 'system',
    typeface: 'serif',
    size: 100,
    line: 1.6,
    letter: 0,
    word: 0,
    measure: 34,
    highlight: 'marker',
    follow: true,
    single_keys: true,
    skip_notes: false,
    skip_tables: false,
    speed: 1,
  }

  const UNITS = { size: '%', line: '', letter: 'em', word: 'em', measure: 'em' }
  const CHOICES = ['theme', 'typeface', 'highlight']

  /** What is remembered under a name; undefined where the browser remembers nothing, or what is there is no JSON. */
  reading.recall = name => {
    try {
      return JSON.parse(localStorage.getItem(name)) ?? undefined
    } catch {
      return undefined
    }
  }

  /** Remembers a value, where the browser allows it. */
  reading.remember = (name, value) => {
    try {
      localStorage.setItem(name, JSON.stringify(value))
    } catch {
      // A page that may keep nothing still reads aloud.
    }
  }

  const settings = { ...FIRST }
  const remembered = reading.recall(KEY) ?? {}
  for (const name of Object.keys(FIRST)) {
    if (typeof remembered[name] === typeof FIRST[name]) settings[name] = remembered[name]
  }

  const show = name => {
    const root = document.documentElement
    if (CHOICES.includes(name)) root.dataset[name] = settings[name]
    if (name in UNITS) root.style.setProperty(`--${name}`, `${settings[name]}${UNITS[name]}`)
  }

  const listeners = []

  reading.settings = settings

  reading.first = FIRST

  /** Changes a setting, shows it and remembers it. */
  reading.set = (name, value) => {
    settings[name] = value
    show(name)
    reading.remember(KEY, settings)
    for (const listener of listeners) listener(name, value)
  }

  /** Has a function called with name and value of every setting that changes. */
  reading.onSetting = listener => listeners.push(listener)

  for (const name of Object.keys(FIRST)) show(name)
}
