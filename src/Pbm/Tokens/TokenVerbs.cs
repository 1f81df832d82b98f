using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Tokens;

/// <summary>`pbm token …`: asks no node; a node knows a token by its hash, which somebody puts into its configuration.</summary>
internal static class TokenVerbs
{
    /// <summary>By which a token is recognised where it should not stand.</summary>
    private const string Prefix = "aks_";

    private const int RandomBytes = 32;
    private const int ShortestToken = 32;

    private static readonly Argument<string> Name = new("name") { Description = "Whose token it is; stands in the audit log." };
    private static readonly Option<string> Role = new Option<string>("--role") { Description = "viewer: reads; operator: gives orders too.", Required = true }.AcceptOnlyFromAmong("viewer", "operator");

    public static Command Create(GlobalOptions global)
    {
        var create = new Command("create", "Makes a token of the management port, shown this once, and the line of Management:TokenFile for it.") { Name, Role };
        HelpWithExamples.Register(create, "pbm token create jo --role operator");
        create.SetAction(parsed => MakeToken(parsed, global));
        var hash = new Command("hash", "The hash of a token that is read from standard input, as Management:TokenFile has it.");
        HelpWithExamples.Register(hash, "pbm token hash < token.txt");
        hash.SetAction(parsed => HashToken(parsed, global));
        return new Command("token", "Tokens of the management port.") { create, hash };
    }

    private static int MakeToken(ParseResult parsed, GlobalOptions global)
    {
        var (name, role) = (parsed.GetRequiredValue(Name), parsed.GetRequiredValue(Role));
        if (name.Length is 0 or > 100 || name == "anonymous" || name.Any(character => char.IsControl(character) || char.IsWhiteSpace(character) || character == '#'))
        {
            throw new UsageException("the name must have 1 to 100 characters, no spaces and no #, and not be \"anonymous\"");
        }

        var token = Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(RandomBytes)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var made = new MadeToken(name, role, token, Hash(token), $"{name} {role} {Hash(token)}");
        var screen = new Screen(parsed.GetValue(global.Json), parsed.GetValue(global.NoColor));
        if (screen.Json)
        {
            screen.WriteJson(made, TokenJson.Default.MadeToken);
        }
        else
        {
            screen.WriteLine($"token, shown this once:    {made.Token}", Color.Yellow);
            screen.WriteLine($"line for the token file:   {made.Line}");
            screen.WriteLine("Put the line into the file of Management:TokenFile on every node and restart them; give the token to pbm by PBM_TOKEN or --token-file.");
        }

        return ExitCode.Ok;
    }

    private static int HashToken(ParseResult parsed, GlobalOptions global)
    {
        var token = Console.In.ReadLine()?.Trim() ?? "";
        if (token.Length < ShortestToken)
        {
            throw new UsageException($"give one line with the token on standard input, of at least {ShortestToken} characters made by chance: `pbm token create` makes one");
        }

        var screen = new Screen(parsed.GetValue(global.Json), parsed.GetValue(global.NoColor));
        if (screen.Json)
        {
            screen.WriteJson(new HashedToken(Hash(token)), TokenJson.Default.HashedToken);
        }
        else
        {
            screen.WriteLine(Hash(token));
        }

        return ExitCode.Ok;
    }

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

internal sealed record MadeToken(string Name, string Role, string Token, string Sha256, string Line);

internal sealed record HashedToken(string Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(MadeToken))]
[JsonSerializable(typeof(HashedToken))]
internal sealed partial class TokenJson : JsonSerializerContext;
