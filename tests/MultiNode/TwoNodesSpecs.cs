// The sample of docs/testing.md; a test holds both equal.
using System.Net.Http.Json;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.MultiNode;

// begin sample
public sealed class TwoNodesSpecs
{
    // In a project that refers to your program: NodeProgram.Of<Program>().
    private static readonly NodeProgram Program = NodeProgram.Of(Repository.NodeProgram);

    [Fact]
    public async Task One_node_reads_what_another_wrote_before_it_was_killed()
    {
        var store = Directory.CreateTempSubdirectory().FullName;
        await using var spec = new MultiNodeSpec(role => new NodeProcessSettings(Program) { Name = role, Arguments = ["--store-path", store] });
        await spec.StartAsync("writer", "reader");

        await spec.RunAsync(
            TimeSpan.FromSeconds(60),
            ("writer", async role =>
            {
                using var http = new HttpClient { BaseAddress = role.Node.Gateway };
                http.DefaultRequestHeaders.Add("X-Acting-User", "ada");
                (await http.PutAsJsonAsync("/users/ada", new { name = "Ada" }, role.Stop)).EnsureSuccessStatusCode();
                await role.Node.KillAsync();
                await role.BarrierAsync("the writer is dead");
            }
        ),
            ("reader", async role =>
            {
                await role.BarrierAsync("the writer is dead");
                using var http = new HttpClient { BaseAddress = role.Node.Gateway };
                Assert.Contains("Ada", await http.GetStringAsync("/users/ada", role.Stop)); // waits for the takeover
            }
        ));

        await spec.RestartAsync("writer");
    }
}
// end sample
