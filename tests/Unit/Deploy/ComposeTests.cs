using System.Text.RegularExpressions;
using AkkaScale.Management.Access;
using AkkaScale.Node.Options;
using AkkaScale.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace AkkaScale.Tests.Unit.Deploy;

public sealed class ComposeTests
{
    private const string Program = "docker-compose";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string> Secrets = new()
    {
        ["AKKASCALE_OPERATOR_HASH"] = new string('a', 64),
        ["POSTGRES_PASSWORD"] = "changeme",
    };

    [Theory]
    [InlineData("node", NodeOptions.EntityRole)]
    [InlineData("gateway", NodeOptions.GatewayRole)]
    public void A_service_runs_the_one_image_in_one_role(string service, string role)
    {
        var lines = DeployFiles.Service(service);

        Assert.Contains("<<: *akkascale", lines);
        Assert.Contains("<<: *environment", lines);
        Assert.Matches($"AKKASCALE__NODE__ROLES: {role}$", lines);
        Assert.Empty(new NodeOptions { Roles = role }.Validate());
    }

    [Theory]
    [InlineData("node")]
    [InlineData("gateway")]
    [InlineData("postgres")]
    public void Only_nginx_has_a_port_on_the_host_so_that_services_scale(string service) =>
        Assert.DoesNotMatch("(?m)^    (ports|container_name|hostname):", DeployFiles.Service(service));

    [Fact]
    public void A_container_has_longer_to_stop_than_its_node_takes()
    {
        var grace = TimeSpan.FromSeconds(int.Parse(Regex.Match(DeployFiles.Compose, @"stop_grace_period: (\d+)s").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));

        Assert.True(grace > new NodeOptions().ShutdownTimeout, $"{grace} is not longer than Node:ShutdownTimeout");
    }

    [Fact]
    public void The_settings_of_the_compose_file_are_accepted_by_the_product()
    {
        var options = Read(Environment());

        Assert.Equal(StoreOptions.Postgres, options.Store.Kind);
        Assert.Equal(("operator", AccessRole.None), (options.Management.Tokens.Single().Role, options.Management.AnonymousOn(options.Node.ManagementBind)));
    }

    /// <summary>Between containers remoting is in plain text, which must be allowed by name.</summary>
    [Fact]
    public void Without_the_leave_for_plain_text_a_container_would_be_refused()
    {
        var environment = Environment();
        Assert.True(environment.Remove("AkkaScale:NODE:ALLOWPLAINTEXT"));

        var refused = Assert.Throws<OptionsRefusedException>(() => Read(environment));
        Assert.Contains("Node:AllowPlaintext", Assert.Single(refused.Problems));
    }

    [InstalledFact(Program)]
    public async Task Docker_compose_accepts_the_file_when_the_secrets_are_given()
    {
        var run = await ConfigAsync(Secrets);

        Assert.True(run.ExitCode == 0, run.ToString());
    }

    [InstalledTheory(Program)]
    [InlineData("POSTGRES_PASSWORD")]
    [InlineData("AKKASCALE_OPERATOR_HASH")]
    public async Task Docker_compose_refuses_to_go_without_a_secret(string missing)
    {
        var run = await ConfigAsync(new Dictionary<string, string>(Secrets) { [missing] = "" });

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"set {missing} in .env", run.Error);
    }

    [Fact]
    public void The_example_environment_names_every_variable_that_the_file_asks_for()
    {
        var asked = Regex.Matches(DeployFiles.Compose, @"\$\{([A-Z_]+)").Select(match => match.Groups[1].Value).ToHashSet();
        var named = Regex.Matches(DeployFiles.Read("deploy/example.env"), "(?m)^(?:# )?([A-Z_]+)=").Select(match => match.Groups[1].Value).ToHashSet();

        Assert.Equal(asked.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    /// <summary>What a container of the image has in its environment: of the file, and of the entrypoint.</summary>
    private static Dictionary<string, string?> Environment()
    {
        var lines = DeployFiles.Compose.Split('\n').SkipWhile(line => !line.StartsWith("x-environment:", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal) || line.Length == 0);
        var environment = lines.Select(line => Regex.Match(line, @"^  AKKASCALE__(\w+): ""?(.*?)""?$")).Where(match => match.Success).ToDictionary(
            match => $"AkkaScale:{match.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal)}", match => (string?)Filled(match.Groups[2].Value));
        environment["AkkaScale:NODE:CLUSTERADVERTISE"] = "10.0.0.2:4053";
        environment["AkkaScale:NODE:MANAGEMENTADVERTISE"] = "10.0.0.2:8558";
        return environment;
    }

    private static string Filled(string value) => Regex.Replace(
        value, @"\$\{(\w+):([?-])([^}]*)\}", match => match.Groups[2].Value == "?" ? Secrets[match.Groups[1].Value] : match.Groups[3].Value);

    private static AkkaScaleOptions Read(Dictionary<string, string?> environment) =>
        AkkaScaleOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(environment).Build());

    private static Task<ProgramRun> ConfigAsync(IReadOnlyDictionary<string, string> environment) =>
        ProgramRun.ExecuteAsync(InstalledProgram.Find(Program)!, ["-f", "docker-compose.yml", "config", "-q"], Bound, environment);
}
