using System.Security.Cryptography;
using System.Text;
using AkkaScale.Management.Access;

namespace AkkaScale.Tests.Unit.Access;

internal static class SomeTokens
{
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public static AccessTokens Of(params IReadOnlyList<(string Name, string Role, string Token)> tokens)
    {
        var options = new ManagementOptions();
        foreach (var (name, role, token) in tokens)
        {
            options.Tokens.Add(new TokenOptions { Name = name, Role = role, Sha256 = HashOf(token) });
        }

        var read = TokenSettings.Read(options, out var problems);
        Assert.Empty(problems);
        return read;
    }
}
