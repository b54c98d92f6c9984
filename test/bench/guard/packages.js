/** Whose versions belong to a result. */
export const packages = [
  '@fastify/jwt',
  '@nestjs/core',
  '@nestjs/passport',
  '@nestjs/platform-express',
  '@nestjs/platform-fastify',
  'aws-jwt-verify',
  'express',
  'express-oauth2-jwt-bearer',
  'fast-jwt',
  'fastify',
  'jose',
  'jsonwebtoken',
  'jwks-rsa',
  'passport',
  'passport-jwt',
];
