using System.Text;
using Xunit;

namespace AkkaScale.Tests.Unit.Architecture;

public sealed class HygieneTests
{
    [Fact]
    public void No_file_names_the_machine_it_was_made_on_and_every_file_ends_with_a_newline()
    {
        var files = TrackedFiles.List();
        Assert.Contains("AkkaScale.sln", files);
        Assert.Empty(files.SelectMany(path => Hygiene.Findings(path, File.ReadAllBytes(RepositoryFolder.At(path)))));
    }

    // The bad samples are put together from parts, or this file would be found itself.
    [Theory]
    [InlineData("a.md", "see /", "work/main/README.md\n")]
    [InlineData("a.sh", "cd '/", "farm/x'\n")]
    [InlineData("a.json", "{\"path\":\"/", "home/jane/x\"}\n")]
    [InlineData("a.yml", "image: http", "s://registry.example.com/x\n")]
    [InlineData("a.props", "<Source>http", "://artifactory.example.com:8081/nuget</Source>\n")]
    [InlineData("a.txt", "http", "://user:word@packages.internal/x\n")]
    [InlineData("NuGet.Config", "<add value=\"http", "s://packages.example.com/v3/index.json\" />\n")]
    [InlineData("a.cs", "class A;", "")]
    public void What_must_not_be_there_is_found(string path, string head, string tail) =>
        Assert.Single(Hygiene.Findings(path, Encoding.UTF8.GetBytes(head + tail)));

    [Theory]
    [InlineData("a.md", "docs/work/plan.md and ../work/x, https://github.com/x/y\n")]
    [InlineData("NuGet.Config", "<add value=\"https://api.nu" + "get.org/v3/index.json\" />\n")]
    [InlineData("docker-compose.yml", "image: mcr.microsoft.com/dotnet/aspnet:10.0\nurl: http://gateway:8080/home/app/\n")]
    [InlineData("empty.txt", "")]
    [InlineData("picture.png", "\0no newline")]
    public void What_may_be_there_is_not_found(string path, string content) =>
        Assert.Empty(Hygiene.Findings(path, Encoding.UTF8.GetBytes(content)));
}
