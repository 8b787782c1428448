/// The shape that a kind of secret has, as whoever issues it has published: how it begins, and how many characters of
/// which alphabet follow. Checksums are not looked at.
package struct SecretShape: Sendable {
  /// The name for people, after "what looks like": `a GitHub token`.
  package let name: String
  /// The ways in which it begins.
  let prefixes: [String]
  /// The characters that follow, and how many of them.
  let alphabet: Alphabet
  let lengths: ClosedRange<Int>
  /// A text that is among them, where that tells it from other things.
  let infix: String?

  private init(
    _ name: String, _ prefixes: [String], _ alphabet: Alphabet, _ lengths: ClosedRange<Int>,
    infix: String? = nil
  ) {
    (self.name, self.prefixes, self.alphabet) = (name, prefixes, alphabet)
    (self.lengths, self.infix) = (lengths, infix)
  }

  enum Alphabet: Int, CaseIterable {
    case digitsAndCapitals
    case hexadecimal
    case alphanumeric
    /// With `-` and `_`.
    case word
    /// With a dot between words.
    case dotted
    /// Base64 with `+`, `/` and `=`.
    case base64
    /// All that a URL's path may have.
    case path

    func has(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "A")...UInt8(ascii: "F"): true
      case UInt8(ascii: "G")...UInt8(ascii: "Z"): self != .hexadecimal
      case UInt8(ascii: "a")...UInt8(ascii: "f"): self != .digitsAndCapitals
      case UInt8(ascii: "g")...UInt8(ascii: "z"): self != .hexadecimal && self != .digitsAndCapitals
      case UInt8(ascii: "-"), UInt8(ascii: "_"): self == .word || self == .dotted || self == .path
      case UInt8(ascii: "."): self == .dotted
      case UInt8(ascii: "/"): self == .base64 || self == .path
      case UInt8(ascii: "+"), UInt8(ascii: "="): self == .base64
      default: false
      }
    }
  }

  /// Longer than any secret: for those whose issuer names a least length.
  private static let most = 4096

  /// Clouds, code hosts, package registries, model providers, chat and payment services.
  package static let all: [SecretShape] = [
    // Clouds and what runs on them.
    .init("an AWS access key", ["AKIA", "ASIA", "ABIA", "ACCA"], .digitsAndCapitals, 16...16),
    .init("a Google API key", ["AIza"], .word, 35...35),
    .init("a Google OAuth client secret", ["GOCSPX-"], .word, 28...28),
    .init("a Google access token", ["ya29."], .word, 30...most),
    .init("an Azure storage key", ["AccountKey="], .base64, 86...90),
    .init("a DigitalOcean token", ["dop_v1_", "doo_v1_", "dor_v1_"], .hexadecimal, 64...64),
    .init("a Heroku key", ["HRKU-AA"], .word, 58...58),
    .init("an Alibaba Cloud access key", ["LTAI"], .alphanumeric, 16...24),
    .init("a Tencent Cloud secret ID", ["AKID"], .alphanumeric, 32...32),
    .init("a Databricks token", ["dapi"], .hexadecimal, 32...32),
    .init("a Supabase token", ["sbp_"], .hexadecimal, 40...40),
    .init("a PlanetScale token", ["pscale_tkn_", "pscale_pw_"], .dotted, 32...64),
    .init("a Pulumi token", ["pul-"], .hexadecimal, 40...40),
    .init("a HashiCorp Vault token", ["hvs.", "hvb."], .word, 90...most),
    .init("a Doppler token", ["dp.pt.", "dp.st.", "dp.sa."], .dotted, 40...80),
    .init("a Grafana token", ["glsa_"], .word, 41...41),
    .init("a Grafana Cloud token", ["glc_eyJ"], .base64, 32...most),
    .init("a New Relic key", ["NRAK-"], .digitsAndCapitals, 27...27),
    .init("a Sentry token", ["sntrys_eyJ", "sntryu_"], .base64, 60...most),
    // Code hosts.
    .init("a GitHub token", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], .alphanumeric, 36...255),
    .init("a GitHub token", ["github_pat_"], .word, 82...255),
    .init(
      "a GitLab token",
      ["glpat-", "gldt-", "glrt-", "glcbt-", "glsoat-", "glft-", "glimt-", "glagent-", "gloas-"],
      .dotted, 20...320),
    .init("a GitLab trigger token", ["glptt-"], .hexadecimal, 40...40),
    .init("a Bitbucket token", ["ATBB"], .alphanumeric, 32...32),
    .init("an Atlassian token", ["ATATT3"], .base64, 180...200),
    // Package registries.
    .init("an npm token", ["npm_"], .alphanumeric, 36...36),
    .init(
      "a PyPI token", ["pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZ"], .word, 50...most),
    .init("a RubyGems key", ["rubygems_"], .hexadecimal, 48...48),
    .init("a crates.io token", ["cio"], .alphanumeric, 32...32),
    .init("a Docker Hub token", ["dckr_pat_", "dckr_oat_"], .word, 27...32),
    // Model providers.
    .init(
      "an OpenAI key", ["sk-proj-", "sk-svcacct-", "sk-admin-"], .word, 100...most,
      infix: "T3BlbkFJ"),
    .init("an OpenAI key", ["sk-"], .alphanumeric, 48...48, infix: "T3BlbkFJ"),
    .init(
      "an Anthropic key", ["sk-ant-api03-", "sk-ant-admin01-", "sk-ant-oat01-"], .word, 80...120),
    .init("an OpenRouter key", ["sk-or-v1-"], .hexadecimal, 64...64),
    .init("a Hugging Face token", ["hf_", "api_org_"], .alphanumeric, 34...34),
    .init("a Groq key", ["gsk_"], .alphanumeric, 52...52),
    .init("an xAI key", ["xai-"], .alphanumeric, 80...80),
    .init("a Perplexity key", ["pplx-"], .alphanumeric, 48...56),
    .init("a Replicate token", ["r8_"], .alphanumeric, 37...37),
    // Chat and mail.
    .init(
      "a Slack token", ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-"], .word, 40...most),
    .init("a Slack app token", ["xapp-"], .word, 60...most),
    .init("a Slack webhook", ["https://hooks.slack.com/services/T"], .path, 40...60),
    .init(
      "a Discord webhook",
      ["https://discord.com/api/webhooks/", "https://discordapp.com/api/webhooks/"], .path, 78...90),
    .init("a SendGrid key", ["SG."], .dotted, 66...66),
    .init("a Mailgun key", ["key-"], .hexadecimal, 32...32),
    // Payments and shops.
    .init(
      "a Stripe key", ["sk_live_", "rk_live_", "sk_test_", "rk_test_"], .alphanumeric, 24...255),
    .init("a Stripe webhook secret", ["whsec_"], .alphanumeric, 32...64),
    .init("a Square token", ["sq0atp-", "sq0csp-"], .word, 22...43),
    .init("a Shopify token", ["shpat_", "shpca_", "shppa_", "shpss_"], .hexadecimal, 32...32),
    // Other services of teams.
    .init("a Linear key", ["lin_api_"], .alphanumeric, 40...40),
    .init("a Notion token", ["ntn_"], .alphanumeric, 46...46),
    .init("a Figma token", ["figd_"], .word, 40...43),
    .init("a Postman key", ["PMAK-"], .word, 59...59),
    .init("an age secret key", ["AGE-SECRET-KEY-1"], .digitsAndCapitals, 58...58),
  ]

  /// The example tokens in the documentation of those who issue them, without their prefixes: nobody's secrets.
  static let examples: Set<String> = [
    "16C7e42F292c6912E7710c838347Ae178B4a", "4eC39HqLyjWDarjtT1zdp7dc", "BQokikJOvBiI2HlWgH4olfQ2",
    "SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe", "SyDOCAbC123dEf456GhI789jKl01-MnO-a",
    "tR3Wc0bGd9uSCJPcMUcV7uMs",
  ]
}
