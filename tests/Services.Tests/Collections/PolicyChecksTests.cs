using System.Text;
using RetailInvoicing.Collections.Policies;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>What a policy contradicts itself in, each by its code and place.</summary>
public sealed class PolicyChecksTests
{
    private const string Sound = """
        {
          "name": "Empresas", "priority": 10,
          "segment": {"business": true, "minAmount": "50.00", "maxAmount": "5000.00", "stores": ["S01"], "places": ["ES", "ES-35", "US-NY"]},
          "steps": [
            {"step": "before-3", "offsetDays": -3, "at": "10:00", "channels": ["email"], "template": "before-due", "tone": "friendly",
             "missed": "skip"},
            {"step": "reminder-1", "offsetDays": 2, "at": "10:00", "channels": ["email", "sms"], "catchUpDays": 5},
            {"step": "firm-1", "offsetDays": 15, "template": "firm", "tone": "firm", "escalation": "staff", "claim": true},
            {"step": "final", "offsetDays": 30, "template": "final", "tone": "firm", "escalation": "stop-selling", "claim": true}
          ],
          "quietHours": {"from": "21:00", "to": "09:00"}, "weekends": "wait", "holidays": "wait",
          "cap": {"messages": 3, "perDays": 7}, "consolidate": true, "timing": "own"
        }
        """;

    [Fact]
    public void A_sound_one_is_taken_whole()
    {
        Assert.Empty(PolicyChecks.Of(Read(Sound)));
        var policy = Policy.Of("empresas", 1, Read(Sound));
        Assert.Equal((3, 7, true), (policy.Cap!.Messages, policy.Cap.PerDays, policy.Consolidate));
        Assert.Equal(["before-due", "reminder", "firm", "final"], policy.Steps.Select(step => step.Template));
        Assert.Equal([0, 5, 7, 7], policy.Steps.Select(step => step.CatchUpDays!.Value));
        Assert.Equal(MissedStep.Skip, policy.Steps[0].Missed);
    }

    [Theory]
    [InlineData("\"name\": \"Empresas\"", "\"name\": \"  \"", "COL-POLICY-03", "name")]
    [InlineData("\"priority\": 10", "\"priority\": -2147483648", "COL-POLICY-27", "priority")]
    [InlineData("\"step\": \"reminder-1\"", "\"step\": \"before-3\"", "COL-POLICY-06", "steps[1].step")]
    [InlineData("\"step\": \"reminder-1\"", "\"step\": \"dos palabras\"", "COL-POLICY-05", "steps[1].step")]
    [InlineData("\"offsetDays\": 15", "\"offsetDays\": 2", "COL-POLICY-07", "steps[2].offsetDays")]
    [InlineData("\"offsetDays\": 15", "\"offsetDays\": 1", "COL-POLICY-07", "steps[2].offsetDays")]
    [InlineData("\"offsetDays\": 30", "\"offsetDays\": 4000", "COL-POLICY-08", "steps[3].offsetDays")]
    [InlineData("\"offsetDays\": 2, \"at\": \"10:00\"", "\"offsetDays\": 2, \"at\": \"25:00\"", "COL-POLICY-09", "steps[1].at")]
    [InlineData("\"offsetDays\": 2, \"at\": \"10:00\"", "\"offsetDays\": 2, \"at\": \"21:00\"", "COL-POLICY-22", "steps[1].at")]
    [InlineData("\"channels\": [\"email\", \"sms\"]", "\"channels\": []", "COL-POLICY-10", "steps[1].channels")]
    [InlineData("\"channels\": [\"email\", \"sms\"]", "\"channels\": [\"fax\"]", "COL-POLICY-11", "steps[1].channels[0]")]
    [InlineData("\"channels\": [\"email\", \"sms\"]", "\"channels\": [null]", "COL-POLICY-11", "steps[1].channels[0]")]
    [InlineData("\"channels\": [\"email\", \"sms\"]", "\"channels\": [\"sms\", \"sms\"]", "COL-POLICY-12", "steps[1].channels[1]")]
    [InlineData("\"template\": \"firm\"", "\"template\": \"threat\"", "COL-POLICY-13", "steps[2].template")]
    [InlineData("\"template\": \"firm\"", "\"template\": \"before-due\"", "COL-POLICY-14", "steps[2].template")]
    [InlineData("\"template\": \"before-due\"", "\"template\": \"reminder\"", "COL-POLICY-14", "steps[0].template")]
    [InlineData("\"tone\": \"friendly\"", "\"tone\": \"rude\"", "COL-POLICY-15", "steps[0].tone")]
    [InlineData("\"escalation\": \"stop-selling\"", "\"escalation\": \"bailiff\"", "COL-POLICY-15", "steps[3].escalation")]
    [InlineData("\"missed\": \"skip\"", "\"missed\": \"burst\"", "COL-POLICY-15", "steps[0].missed")]
    [InlineData("\"weekends\": \"wait\"", "\"weekends\": \"perhaps\"", "COL-POLICY-15", "weekends")]
    [InlineData("\"timing\": \"own\"", "\"timing\": \"random\"", "COL-POLICY-15", "timing")]
    [InlineData("\"escalation\": \"stop-selling\"", "\"escalation\": \"none\"", "COL-POLICY-16", "steps[3].escalation")]
    [InlineData("\"business\": true", "\"business\": false", "COL-POLICY-17", "steps[2].claim")]
    [InlineData("\"missed\": \"skip\"", "\"claim\": true", "COL-POLICY-18", "steps[0].claim")]
    [InlineData("\"catchUpDays\": 5", "\"catchUpDays\": -1", "COL-POLICY-19", "steps[1].catchUpDays")]
    [InlineData("\"missed\": \"skip\"", "\"missed\": \"skip\", \"catchUpDays\": 3", "COL-POLICY-20", "steps[0].catchUpDays")]
    [InlineData("\"from\": \"21:00\"", "\"from\": \"09:00\"", "COL-POLICY-21", "quietHours")]
    [InlineData("\"from\": \"21:00\"", "\"from\": \"noche\"", "COL-POLICY-09", "quietHours.from")]
    [InlineData("\"messages\": 3", "\"messages\": 0", "COL-POLICY-23", "cap")]
    [InlineData("\"perDays\": 7", "\"perDays\": 0", "COL-POLICY-23", "cap")]
    [InlineData("\"minAmount\": \"50.00\"", "\"minAmount\": \"5000.01\"", "COL-POLICY-24", "segment")]
    [InlineData("\"minAmount\": \"50.00\"", "\"minAmount\": \"-1\"", "COL-POLICY-24", "segment")]
    [InlineData("\"stores\": [\"S01\"]", "\"stores\": []", "COL-POLICY-25", "segment.stores")]
    [InlineData("\"US-NY\"", "\"Atlantis\"", "COL-POLICY-26", "segment.places[2]")]
    [InlineData("\"US-NY\"", "null", "COL-POLICY-25", "segment.places")]
    public void Each_contradiction_is_refused_by_its_code_and_place(string sound, string broken, string code, string path)
    {
        Assert.Contains(sound, Sound, StringComparison.Ordinal);
        var faults = PolicyChecks.Of(Read(Replaced(sound, broken)));

        Assert.Contains((code, path), faults.Select(fault => (fault.Code.Code, fault.Path!)));
        Assert.All(
            faults,
            fault =>
            {
                Assert.DoesNotContain('{', fault.In("en"));
                Assert.DoesNotContain('{', fault.In("es"));
            }
        );
    }

    [Fact]
    public void A_policy_has_steps_and_not_too_many()
    {
        static IEnumerable<string> CodesOf(PolicyBody body) => PolicyChecks.Of(body).Select(fault => fault.Code.Code);

        Assert.Equal(["COL-POLICY-04"], CodesOf(DunningSample.Body()));
        Assert.Equal(
            ["COL-POLICY-04"],
            CodesOf(DunningSample.Body([.. Enumerable.Range(1, 21).Select(i => DunningSample.Step($"s{i}", i))]))
        );
        Assert.Equal(["BODY-02"], CodesOf(Read("""{"name": "x", "steps": [null]}""")));
    }

    [Theory]
    [InlineData("empresas", true)]
    [InlineData("a-1.b_2", true)]
    [InlineData("built-in", false)]
    [InlineData("con espacio", false)]
    [InlineData("", false)]
    public void A_policy_is_called_by_a_word(string id, bool sound) => Assert.Equal(sound, PolicyChecks.IsId(id));

    /// <summary>Only the first place: the others stay sound.</summary>
    private static string Replaced(string sound, string broken)
    {
        var at = Sound.IndexOf(sound, StringComparison.Ordinal);
        return string.Concat(Sound.AsSpan(0, at), broken, Sound.AsSpan(at + sound.Length));
    }

    private static PolicyBody Read(string json)
    {
        var read = Body<PolicyBody>.Read(Encoding.UTF8.GetBytes(json));
        return read.Value;
    }
}
