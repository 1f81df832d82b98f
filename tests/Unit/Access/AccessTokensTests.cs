using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AkkaScale.Management.Access;
using AkkaScale.Tests.Unit.Architecture;

namespace AkkaScale.Tests.Unit.Access;

public sealed partial class AccessTokensTests
{
    [Theory]
    [InlineData("first", "a")]
    [InlineData("second", "b")]
    [InlineData("third", "c")]
    [InlineData("none of them", null)]
    public void Every_token_is_compared_with_whether_or_not_one_was_found_before(string presented, string? found)
    {
        var tokens = SomeTokens.Of(("a", "viewer", "first"), ("b", "operator", "second"), ("c", "viewer", "third"));
        var compared = 0;

        var token = tokens.Find(SHA256.HashData(Encoding.UTF8.GetBytes(presented)), (left, right) =>
        {
            compared++;
            return CryptographicOperations.FixedTimeEquals(left, right);
        });

        Assert.Equal(found, token?.Name);
        Assert.Equal(3, compared);
        Assert.Equal(found, tokens.Find(presented)?.Name);
    }

    /// <summary>What looks a presented token up compares in constant time and in no other way.</summary>
    [Fact]
    public void Hashes_are_compared_in_constant_time_alone()
    {
        using var management = CompiledAssembly.Of("Management");
        var used = management.Uses().Where(use => use.User == typeof(AccessTokens).FullName && use.Member.Length > 0).Select(use => $"{use.Type}.{use.Member}").ToList();

        Assert.Contains(used, use => use.StartsWith("System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(", StringComparison.Ordinal));
        Assert.DoesNotContain(used, use => !use.Contains("FixedTimeEquals", StringComparison.Ordinal) && OtherComparison().IsMatch(use));
    }

    [Theory]
    [InlineData("", "viewer", 64, "the name must have")]
    [InlineData("two words", "viewer", 64, "the name must have")]
    [InlineData("anonymous", "viewer", 64, "choose another")]
    [InlineData("a", "none", 64, "set viewer or operator")]
    [InlineData("a", "root", 64, "set viewer or operator")]
    [InlineData("a", "viewer", 63, "64 hex digits")]
    [InlineData("a", "viewer", 0, "64 hex digits")]
    public void What_cannot_work_is_said(string name, string role, int digits, string says)
    {
        var options = new ManagementOptions { Tokens = { new TokenOptions { Name = name, Role = role, Sha256 = new string('a', digits) } } };
        Assert.Contains(says, Assert.Single(options.Validate("127.0.0.1:8558")));
    }

    [Fact]
    public void A_token_in_place_of_its_hash_is_not_repeated_in_what_is_said()
    {
        var options = new ManagementOptions { Tokens = { new TokenOptions { Name = "a", Role = "viewer", Sha256 = "the-very-secret" } } };
        Assert.DoesNotContain("the-very-secret", Assert.Single(options.Validate("127.0.0.1:8558")));
    }

    [Fact]
    public void A_name_or_a_token_stands_once()
    {
        var (one, other) = (new string('a', 64), new string('b', 64));
        var options = new ManagementOptions
        {
            Tokens =
            {
                new TokenOptions { Name = "a", Role = "viewer", Sha256 = one }, new TokenOptions { Name = "a", Role = "operator", Sha256 = other },
                new TokenOptions { Name = "b", Role = "operator", Sha256 = one.ToUpperInvariant() },
            },
        };

        Assert.Equal(
            ["Management:Tokens:1: there are two tokens of the name a", "Management:Tokens:2: b has the same token as another name"],
            options.Validate("127.0.0.1:8558"));
    }

    [Fact]
    public void A_file_has_a_token_a_line()
    {
        using var file = new TemporaryFile($"# who may\n\nvera\tviewer  {SomeTokens.HashOf("v")} # reads\r\n  otto operator {SomeTokens.HashOf("o")}\n");
        var options = new ManagementOptions { TokenFile = file.Path };

        Assert.Empty(options.Validate("192.0.2.1:8558"));
        var tokens = TokenSettings.Read(options, out _);
        Assert.Equal(2, tokens.Count);
        Assert.Equal(("vera", AccessRole.Viewer), (tokens.Find("v")!.Name, tokens.Find("v")!.Role));
        Assert.Equal(("otto", AccessRole.Operator), (tokens.Find("o")!.Name, tokens.Find("o")!.Role));
    }

    [Fact]
    public void A_line_that_cannot_be_read_is_named_by_its_number()
    {
        using var file = new TemporaryFile($"vera viewer\nthe-very-secret\nvera viewer {SomeTokens.HashOf("v")}\nx wizard {SomeTokens.HashOf("x")}\n");
        var problems = new ManagementOptions { TokenFile = file.Path }.Validate("127.0.0.1:8558").ToList();

        Assert.Equal(3, problems.Count);
        Assert.Contains("line 1: give name, role and SHA-256", problems[0]);
        Assert.Contains("line 2", problems[1]);
        Assert.Contains("line 4: the role is \"wizard\"", problems[2]);
        Assert.DoesNotContain("the-very-secret", string.Join('\n', problems));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains("/no/such/file", Assert.Single(new ManagementOptions { TokenFile = "/no/such/file" }.Validate("127.0.0.1:8558")));

    [Fact]
    public void Off_loopback_a_token_is_needed_and_nobody_comes_in_without()
    {
        const string Everybody = "0.0.0.0:8558";
        var tokens = new ManagementOptions { Tokens = { new TokenOptions { Name = "a", Role = "viewer", Sha256 = new string('a', 64) } } };

        Assert.Contains("there is no token", Assert.Single(new ManagementOptions().Validate(Everybody)));
        Assert.Empty(tokens.Validate(Everybody));
        Assert.Equal(AccessRole.None, tokens.AnonymousOn(Everybody));
        Assert.Equal(AccessRole.Viewer, tokens.AnonymousOn("127.0.0.1:8558"));
        Assert.Equal(AccessRole.Viewer, tokens.AnonymousOn("[::1]:8558"));

        tokens.Anonymous = "none";
        Assert.Empty(tokens.Validate(Everybody));
        tokens.Anonymous = "viewer";
        Assert.Contains("Management:Anonymous is viewer", Assert.Single(tokens.Validate(Everybody)));
        Assert.Empty(tokens.Validate("127.0.0.1:8558"));
        tokens.Anonymous = "wizard";
        Assert.Contains("Management:Anonymous is \"wizard\"", Assert.Single(tokens.Validate("127.0.0.1:8558")));
    }

    [GeneratedRegex("Equal|Compare|IndexOf|Contains|Dictionary|HashSet")]
    private static partial Regex OtherComparison();

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
