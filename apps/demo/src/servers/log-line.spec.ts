import { describe, expect, it } from '@jest/globals';
import { readLogLine } from './log-line.js';

describe('readLogLine', () => {
  it('says level, context, message and the members of a JSON line', () => {
    const line = JSON.stringify({
      level: 'log',
      pid: 7,
      timestamp: 1,
      message: 'answered',
      context: 'Request',
      method: 'GET',
      path: '/a b',
      status: 200,
    });
    expect(readLogLine(line)).toEqual({
      weight: 'quiet',
      text: 'LOG [Request] answered method=GET path="/a b" status=200',
    });
  });

  it.each([
    ['debug', 'quiet'],
    ['info', 'quiet'],
    ['warn', 'warning'],
    ['error', 'error'],
    ['fatal', 'error'],
  ])('weighs level %s as %s', (level, weight) => {
    expect(readLogLine(JSON.stringify({ level, message: 'm' })).weight).toBe(weight);
  });

  it('puts a stack under the message', () => {
    const line = JSON.stringify({ level: 'error', message: 'failed', stack: ['Error: x', '    at y'] });
    expect(readLogLine(line).text).toBe('ERROR failed\nError: x\n    at y');
  });

  it('reads the lines of pino as well', () => {
    const err = { type: 'Error', message: 'x', stack: 'Error: x\n    at y' };
    const line = JSON.stringify({ level: 'error', time: 'now', err, id: 'abc', msg: 'failed' });
    expect(readLogLine(line)).toEqual({ weight: 'error', text: 'ERROR failed id=abc\nError: x\n    at y' });
  });

  it.each(['- API_PORT is wrong', '{ not json', '{"no":"log"}', '12'])('leaves %s as it is, for a look', (line) => {
    expect(readLogLine(line)).toEqual({ weight: 'warning', text: line });
  });

  it('lets nothing steer the terminal', () => {
    expect(readLogLine('\u001b[31mred\u001b[0m\u0007').text).toBe('red');
    expect(readLogLine(JSON.stringify({ level: 'warn', message: '\u001b[2Jgone\r' })).text).toBe('WARN gone');
  });
});
