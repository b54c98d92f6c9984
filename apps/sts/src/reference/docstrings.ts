import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** What stands above the properties of classes: `descriptions.get('Client.enabled')`; above a class: `descriptions.get('Client')`. */
export type Docstrings = ReadonlyMap<string, string>;

/** Reads the comments of all classes in the files of a folder. */
export function readDocstrings(folder: string): Docstrings {
  const found = new Map<string, string>();
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  for (const file of files) {
    const path = join(folder, file);
    const source = ts.createSourceFile(path, ts.sys.readFile(path) ?? '', ts.ScriptTarget.Latest, true);
    source.statements.filter(ts.isClassDeclaration).forEach((declaration) => readClass(declaration, found));
  }
  return found;
}

function readClass(declaration: ts.ClassDeclaration, found: Map<string, string>): void {
  const name = declaration.name?.text ?? '';
  keep(name, declaration, found);
  for (const member of declaration.members.filter(ts.isPropertyDeclaration)) {
    if (ts.isIdentifier(member.name)) keep(`${name}.${member.name.text}`, member, found);
  }
}

function keep(name: string, node: ts.Node, found: Map<string, string>): void {
  const comment = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc)?.comment;
  const text = ts.getTextOfJSDocComment(comment)?.replace(/\s+/g, ' ').trim();
  if (text) found.set(name, text);
}
