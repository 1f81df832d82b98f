using System.Text.RegularExpressions;
using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Unit.Deploy;

public sealed class ComposeTests
{
    private const string Program = "docker-compose";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string> Secrets = new()
    {
        ["AKKASCALE_SECRET"] = "0123456789abcdef",
        ["AKKASCALE_OPERATOR_HASH"] = new string('a', 64),
        ["POSTGRES_PASSWORD"] = "changeme",
    };

    [Theory]
    [InlineData("node", MemberSnapshot.EntityRole)]
    [InlineData("gateway", MemberSnapshot.GatewayRole)]
    public void A_service_runs_the_one_image_in_one_role(string service, string role)
    {
        var lines = DeployFiles.Service(service);

        Assert.Contains("<<: *akkascale", lines);
        Assert.Contains("<<: *environment", lines);
        Assert.Matches($"AKKASCALE__NODE__ROLES: {role}$", lines);
        Assert.Empty(new NodeOptions { Roles = role }.Validate(Secrets["AKKASCALE_SECRET"]));
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
        var options = new AkkaScaleOptions
        {
            Store = { Kind = Regex.Match(DeployFiles.Compose, "AKKASCALE__STORE__KIND: (.+)").Groups[1].Value, ConnectionString = "Host=postgres" },
            Cluster = { Secret = Secrets["AKKASCALE_SECRET"] },
            Node =
            {
                ClusterBind = Setting("NODE__CLUSTERBIND"), ClusterAdvertise = "10.0.0.2:4053",
                ManagementBind = Setting("NODE__MANAGEMENTBIND"), ManagementAdvertise = "10.0.0.2:8558",
                GatewayBind = Setting("NODE__GATEWAYBIND"),
            },
        };

        options.Management.Tokens.Add(new()
        {
            Name = Plain("MANAGEMENT__TOKENS__0__NAME"),
            Role = Plain("MANAGEMENT__TOKENS__0__ROLE"),
            Sha256 = Secrets["AKKASCALE_OPERATOR_HASH"],
        });

        Assert.Contains("AKKASCALE__MANAGEMENT__TOKENS__0__SHA256: \"${AKKASCALE_OPERATOR_HASH:?", DeployFiles.Compose);
        Assert.Empty(options.Management.Validate(options.Node.ManagementBind));
        Assert.Empty(options.Node.Validate(options.Cluster.Secret).Concat(options.Store.Validate()).Concat(options.Cluster.Validate()));
    }

    [InstalledFact(Program)]
    public async Task Docker_compose_accepts_the_file_when_the_secrets_are_given()
    {
        var run = await ConfigAsync(Secrets);

        Assert.True(run.ExitCode == 0, run.ToString());
    }

    [InstalledTheory(Program)]
    [InlineData("AKKASCALE_SECRET")]
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

    private static string Setting(string name) => Regex.Match(DeployFiles.Compose, $"AKKASCALE__{name}: \"(.+)\"").Groups[1].Value;

    private static string Plain(string name) => Regex.Match(DeployFiles.Compose, $"AKKASCALE__{name}: (.+)").Groups[1].Value;

    private static Task<ProgramRun> ConfigAsync(IReadOnlyDictionary<string, string> environment) =>
        ProgramRun.ExecuteAsync(InstalledProgram.Find(Program)!, ["-f", "docker-compose.yml", "config", "-q"], Bound, environment);
}
