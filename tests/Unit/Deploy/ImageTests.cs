using System.Text.RegularExpressions;
using System.Xml.Linq;
using AkkaScale.Node.Options;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Unit.Deploy;

public sealed class ImageTests
{
    [Fact]
    public void The_restore_layer_has_every_project_that_the_node_is_made_of()
    {
        var wanted = ProjectsOf("src/Node/Node.csproj").Order(StringComparer.Ordinal).ToList();
        var copied = Regex.Matches(DeployFiles.Dockerfile, @"COPY (src/\w+/\w+\.csproj) ").Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(wanted, copied);
    }

    [Fact]
    public void What_every_project_needs_at_the_root_is_copied_before_the_restore()
    {
        var beforeRestore = DeployFiles.Dockerfile[..DeployFiles.Dockerfile.IndexOf("RUN dotnet restore", StringComparison.Ordinal)];

        Assert.All(["global.json", "Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt", ".editorconfig"], file =>
        {
            Assert.True(File.Exists(Path.Combine(Repository.Root, file)), $"{file} is copied and does not exist");
            Assert.Contains(file, beforeRestore);
        });
    }

    [Fact]
    public void The_image_serves_the_ports_that_it_exposes_and_no_other()
    {
        var exposed = Regex.Match(DeployFiles.Dockerfile, "^EXPOSE (.+)$", RegexOptions.Multiline).Groups[1].Value.Split(' ').Order(StringComparer.Ordinal);
        var bound = Regex.Matches(DeployFiles.Dockerfile, @"BIND=0\.0\.0\.0:(\d+)").Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);
        var product = new NodeOptions();
        var defaults = new[] { product.ClusterBind, product.ManagementBind, product.GatewayBind }.Select(bind => bind.Split(':')[1]).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(defaults, exposed);
        Assert.Equal(defaults, bound);
        Assert.Contains($":{product.ClusterBind.Split(':')[1]}}}", DeployFiles.Entrypoint);
        Assert.Contains($":{product.ManagementBind.Split(':')[1]}}}", DeployFiles.Entrypoint);
    }

    [Fact]
    public void The_image_runs_unprivileged_and_its_program_receives_the_stop_signal()
    {
        var lines = DeployFiles.Dockerfile.Split('\n').ToList();

        Assert.True(lines.IndexOf("USER $APP_UID") > lines.FindIndex(line => line.StartsWith("FROM mcr.microsoft.com/dotnet/aspnet:", StringComparison.Ordinal)));
        Assert.Contains("""ENTRYPOINT ["/app/entrypoint.sh"]""", lines); // a shell form would swallow SIGTERM
        Assert.Contains("COPY --chmod=0755 deploy/entrypoint.sh ./", lines); // beside the program, where the script looks for it
    }

    [Fact]
    public void The_healthcheck_asks_the_node_itself_whether_it_is_alive()
    {
        Assert.Contains("""CMD ["dotnet", "/app/AkkaScale.Node.dll", "healthcheck", "http://127.0.0.1:8558/alive"]""", DeployFiles.Dockerfile);
        Assert.Contains("`GET /alive`", DeployFiles.Read("docs/management-api.md"));
    }

    private static HashSet<string> ProjectsOf(string project, HashSet<string>? found = null)
    {
        found ??= [];
        if (found.Add(project))
        {
            foreach (var reference in XDocument.Parse(DeployFiles.Read(project)).Descendants("ProjectReference"))
            {
                var path = Path.Combine(Path.GetDirectoryName(project)!, reference.Attribute("Include")!.Value);
                ProjectsOf(Path.GetRelativePath(Repository.Root, Path.GetFullPath(path, Repository.Root)), found);
            }
        }

        return found;
    }
}
