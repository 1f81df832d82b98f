using System.Security.Cryptography;

namespace AkkaScale.Management.Access;

/// <summary>Reads the tokens of the configuration and of the file it names.</summary>
internal static class TokenSettings
{
    private const int MaxTokens = 100;
    private const int LongestName = 100;

    /// <param name="problems">What is wrong, each with what to change; what is wrong is not among the tokens.</param>
    public static AccessTokens Read(ManagementOptions options, out IReadOnlyList<string> problems)
    {
        var found = new List<string>();
        var entries = options.Tokens
            .Select((token, index) => (Where: $"Management:Tokens:{index}", token.Name, token.Role, token.Sha256))
            .Concat(TokenFile.Read(options.TokenFile, found));
        var tokens = new List<AccessToken>();
        foreach (var (where, name, role, sha256) in entries)
        {
            if (Problem(tokens, name, role, sha256) is { } problem)
            {
                found.Add($"{where}: {problem}");
            }
            else
            {
                tokens.Add(new AccessToken(name, ManagementOptions.Parse(role)!.Value, [.. Convert.FromHexString(sha256)]));
            }
        }

        problems = found;
        return new AccessTokens(tokens);
    }

    // The hash is not repeated: it may be the token itself, in the wrong place.
    private static string? Problem(List<AccessToken> before, string name, string role, string sha256) =>
        name.Length is 0 or > LongestName || name.Any(character => char.IsControl(character) || char.IsWhiteSpace(character))
            ? $"the name must have 1 to {LongestName} characters without spaces"
        : name == AccessPolicy.Anonymous ? $"the name {name} stands for callers without a token: choose another"
        : ManagementOptions.Parse(role) is not (AccessRole.Viewer or AccessRole.Operator) ? $"the role is \"{role}\": set viewer or operator"
        : sha256.Length != SHA256.HashSizeInBytes * 2 || !sha256.All(char.IsAsciiHexDigit)
            ? "the hash must be 64 hex digits, as \"pbm token hash\" prints them; the token itself does not belong here"
        : before.Any(token => token.Name == name) ? $"there are two tokens of the name {name}"
        : before.Any(token => token.Sha256.AsSpan().SequenceEqual(Convert.FromHexString(sha256))) ? $"{name} has the same token as another name"
        : before.Count == MaxTokens ? $"there are more than {MaxTokens} tokens"
        : null;
}
