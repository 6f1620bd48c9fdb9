// js_functions.mjs - the functions of the client, as the TypeScript compiler reads them, in the version that checks the types.
// The API used here is called unstable, so only this file uses it.
import {createRequire} from 'node:module';
import {join, relative} from 'node:path';
import {pathToFileURL} from 'node:url';
import {ROOT} from './tree.mjs';

const web = createRequire(join(ROOT, 'web/package.json'));
const load = name => import(pathToFileURL(web.resolve(name)).href);

const KINDS = [
    'FunctionDeclaration', 'FunctionExpression', 'ArrowFunction', 'MethodDeclaration', 'Constructor', 'GetAccessor', 'SetAccessor',
];

/** A block that is one switch and nothing else may be as long as its cases are many. */
const isFlatSwitch = (body, kinds) => body.kind === kinds.Block && body.statements.length === 1 && body.statements[0].kind === kinds.SwitchStatement;

/** Lines of the body, without those of its braces, as C is counted. */
const linesOf = (body, source, kinds) => source.text.slice(body.getStart(source), body.end).split('\n').length - (body.kind === kinds.Block ? 2 : 0);

function functionsIn(source, kinds) {
    const found = [];
    const visit = node => {
        if (node.body && KINDS.some(kind => node.kind === kinds[kind])) {
            found.push({
                file: relative(ROOT, source.fileName),
                name: node.name?.text ?? node.parent?.name?.text ?? '(no name)',
                lines: Math.max(1, linesOf(node.body, source, kinds)),
                flat: isFlatSwitch(node.body, kinds),
            });
        }
        node.forEachChild(visit);
    };
    visit(source);
    return found;
}

/** Of all modules of web/js: {file, name, lines, flat}. A function counts the lines of those inside it, too. */
export async function jsFunctions() {
    const [{API}, {SyntaxKind}] = await Promise.all([load('typescript/unstable/sync'), load('typescript/unstable/ast')]);
    const api = new API({cwd: join(ROOT, 'web')});
    try {
        const [project] = api.updateSnapshot({openProjects: [join(ROOT, 'web/jsconfig.json')]}).getProjects();
        const names = project.program.getSourceFileNames().filter(name => name.startsWith(join(ROOT, 'web/js/')));
        return names.flatMap(name => functionsIn(project.program.getSourceFile(name), SyntaxKind));
    } finally {
        api.close();
    }
}
