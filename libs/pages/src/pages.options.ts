import { IsBoolean, IsNotEmpty, IsOptional, IsString, IsUrl, Matches, MaxLength } from 'class-validator';

const isColor = () => Matches(/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i, { message: '$property must be a colour as #0f5c66' });

const isLink = () =>
  IsUrl(
    { protocols: ['https', 'http'], require_protocol: true, require_tld: false },
    { message: '$property must be an absolute http or https URL' },
  );

/**
 * How the pages look and what they say. Everything has a default. Where the options stand in code and not in a configuration file, relative
 * folders count from the working directory.
 */
export class PagesOptions {
  /** The name of the product, on every page. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(60)
  name = 'Tessera';

  /** The picture beside the name: an https URL, or the name of a file in the folder `assets`. None: the mark of Tessera. */
  @IsOptional()
  @Matches(/^(?:https:\/\/[^\s"'<>]+|[\w-][\w.-]*)$/, {
    message: '$property must be an https URL, or the name of a file in the folder assets, as logo.svg',
  })
  logoUrl?: string;

  /** Buttons, links and marks. The text on it is made black or white, and it is darkened where it could not be read. */
  @isColor()
  accentColor = '#0f5c66';

  /** The same for people who have their device in dark colours. None: a lighter `accentColor`. */
  @IsOptional()
  @isColor()
  darkAccentColor?: string;

  /** What is around the card. */
  @isColor()
  backgroundColor = '#f3f5f4';

  /** The same in dark colours. */
  @isColor()
  darkBackgroundColor = '#0f1415';

  /** Where the name of the product leads, and where somebody is sent who is lost. None: the home page of the server. */
  @IsOptional()
  @isLink()
  homeUrl?: string;

  /** Where people find help; in the footer, as are the following two. */
  @IsOptional()
  @isLink()
  supportUrl?: string;

  /** What happens with what is known about people. */
  @IsOptional()
  @isLink()
  privacyUrl?: string;

  /** The terms under which people use the product. */
  @IsOptional()
  @isLink()
  termsUrl?: string;

  /**
   * A folder of `<language>.json` files, relative to the configuration file: their texts take the place of those of the pages, and further
   * languages may stand there.
   */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  messages?: string;

  /** A folder of `.liquid` files, relative to the configuration file: each takes the place of the template of that name. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  templates?: string;

  /** A folder of pictures, fonts and a `style.css` that is added to the style of the pages; relative to the configuration file. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  assets?: string;

  /** A page of the application where people register, below the issuer and without a leading slash. None: nobody can. */
  @IsOptional()
  @Matches(/^[\w-]+(?:\/[\w-]+)*$/, {
    message: '$property must be a path below the issuer without a leading slash, as register',
  })
  createAccountPath?: string;

  /** Whether the address of the server itself shows a home page. False where the application has a page of its own there. */
  @IsBoolean()
  homePage = true;

  constructor(init: Partial<PagesOptions> = {}) {
    // What is given as undefined counts as not given.
    Object.assign(this, Object.fromEntries(Object.entries(init).filter(([, value]) => value !== undefined)));
  }
}

/** What the home page of a server with demo data shows to developers. Never give it in production: it holds passwords. */
export interface DemoData {
  readonly users: readonly { readonly username: string; readonly password?: string; readonly name?: string }[];
  readonly clients: readonly {
    readonly clientId: string;
    readonly name?: string;
    /** Where it runs. */
    readonly url?: string;
    readonly description?: string;
  }[];
}
